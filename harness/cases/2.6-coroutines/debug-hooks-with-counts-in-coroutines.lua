-- lua: 5.1-5.5

local n = 0
local co = coroutine.create(function() for i = 1, 100 do coroutine.yield(i) end return "end" end)
debug.sethook(co, function(event) n = n + 1 end, "", 10)
local last
repeat local ok, v = coroutine.resume(co); last = v until coroutine.status(co) == "dead"
print(last, n > 10, n < 200, n)
