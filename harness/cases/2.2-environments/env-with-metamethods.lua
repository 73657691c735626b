-- lua: 5.2-5.5

local log = {}
local env = setmetatable({}, {
  __index = function(_, k) log[#log + 1] = "get " .. k; return _G[k] end,
  __newindex = function(t, k, v) log[#log + 1] = "set " .. k; rawset(t, k, v) end,
})
local function run(_ENV)
  a = 1
  a = a + 1
  print(a)
  function b() return a end
  b()
end
run(env)
print(table.concat(log, ", "))
