-- lua: 5.4-5.5

local function new(name)
  return setmetatable({}, {__close = function(_, e)
    local got = coroutine.yield(name, e)
    print(name, "resumed with", got)
    error(name .. " failed", 0)
  end})
end
local co = coroutine.create(function()
  local x <close> = new("x")
  local y <close> = new("y")
  local z <close> = nil
  error("first", 0)
end)
for i = 1, 4 do print(coroutine.resume(co, i)) end
print(coroutine.status(co))
