-- lua: 5.2-5.5

print(coroutine.resume(coroutine.create(error), "from error", 0))
print(pcall(coroutine.wrap(error), "from wrap", 0))
local co = coroutine.create(error)
print(coroutine.resume(co, {}) , coroutine.status(co))
print(debug.traceback(co))
print(coroutine.resume(coroutine.create(pcall), error, "in pcall", 0))
print(coroutine.resume(coroutine.create(xpcall), error, function(e) return e .. "!" end, "in xpcall", 0))
