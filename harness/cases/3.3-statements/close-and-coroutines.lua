-- lua: 5.4-5.5

local function closer(name)
  return setmetatable({}, {__close = function(_, e)
    print("close " .. name, e, coroutine.yield("yielded in close " .. name))
  end})
end
local co = coroutine.wrap(function()
  local a <close> = closer "a"
  local b <close> = closer "b"
  coroutine.yield "body"
  return "end"
end)
print(co()) print(co()) print(co(1)) print(co(2))
local co2 = coroutine.create(function() local a <close> = setmetatable({}, {__close = function(_, e) print("closed from outside", e) end}) coroutine.yield(1) end)
print(coroutine.resume(co2))
print(coroutine.close(co2), coroutine.status(co2))
