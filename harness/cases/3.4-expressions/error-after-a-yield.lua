-- lua: 5.1-5.5

local function body(a)
  local ok, e = pcall(function()
    local b = coroutine.yield("first " .. a)
    error("caught " .. b)
  end)
  print(ok, e)
  local c = coroutine.yield("second")
  local function thrower() error("uncaught " .. c) end
  thrower()
end
local co = coroutine.wrap(body)
print(co("a"))
if _VERSION ~= "Lua 5.1" then print(co("b")) end
local function drive() print(co("c")) end
drive()
