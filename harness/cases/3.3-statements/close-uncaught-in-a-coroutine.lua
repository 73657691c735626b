-- lua: 5.4-5.5

local function closer(name) return setmetatable({}, {__close = function(_, e) print("close", name, (tostring(e):gsub("\n.*", ""))) end}) end
local co = coroutine.wrap(function()
  local a <close> = closer "a"
  for i = 1, 3 do
    local b <close> = closer("b" .. i)
    coroutine.yield(i)
    if i == 2 then error("at " .. i) end
  end
end)
print(co()) print(co())
local function drive()
  local c <close> = closer "c"
  print(co())
end
drive()
