-- lua: 5.1-5.5

local function inner() coroutine.yield("one"); error("after the yield") end
local function outer() inner() return "not a tail call" end
local co = coroutine.create(function() outer() end)
print(coroutine.resume(co))
print(debug.traceback(co))
print(coroutine.resume(co))
print(debug.traceback(co))
print(debug.traceback(co, "message", 1))
print(coroutine.status(co))
