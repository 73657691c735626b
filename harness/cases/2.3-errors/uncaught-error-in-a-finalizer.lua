-- lua: 5.1-5.3

local function make()
  if newproxy then
    getmetatable(newproxy(true)).__gc = function() error("finalizer failed") end
  else
    setmetatable({}, {__gc = function() error("finalizer failed") end})
  end
end
make()
collectgarbage()
print("not reached")
