-- lua: 5.1-5.5

local function finalizer() print("finalizer runs") end
if newproxy then
  keep = newproxy(true)
  getmetatable(keep).__gc = finalizer
else
  keep = setmetatable({}, {__gc = finalizer})
end
local function fail() error("uncaught") end
fail()
