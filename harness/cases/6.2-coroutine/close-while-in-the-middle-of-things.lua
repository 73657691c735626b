-- lua: 5.4-5.5

local function try(f)
  local co = coroutine.create(f)
  print("resume", coroutine.resume(co))
  print("close", coroutine.close(co))
  print(coroutine.status(co), coroutine.resume(co))
end
local log = setmetatable({}, {__close = function(_, e) print("closing", e) end})
try(function() local a <close> = log; pcall(function() local b <close> = log; coroutine.yield("in pcall") end) end)
try(function() for _ in function() return 1 end, nil, nil, log do coroutine.yield("in loop") end end)
try(function() local t = setmetatable({}, {__index = function() local c <close> = log; coroutine.yield("in index") end}); return t.x end)
try(function() local a <close> = setmetatable({}, {__close = function() coroutine.yield("in close") print("never") end}) end)
try(function() local a <close> = log; return coroutine.yield("in tail call") end)
