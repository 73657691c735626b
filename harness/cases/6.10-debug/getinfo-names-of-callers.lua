-- lua: 5.1-5.5

local function name()
  local i = debug.getinfo(2, "n")
  print(i and i.namewhat, i and i.name)
end
local m = setmetatable({}, {
  __index = function() name() end, __newindex = function() name() end, __add = function() name() return 1 end,
  __call = function() name() end, __concat = function() name() return "" end, __eq = function() name() end,
  __lt = function() name() end, __unm = function() name() end,
})
local x = m.a
m.a = 1
x = m + 1
x = m .. ""
x = -m
x = m < m
m()
for _ in function() name() end do end
pcall(function() name() end)
local co = coroutine.wrap(function() name() end)
co()
