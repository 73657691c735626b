-- lua: 5.2-5.5

print(coroutine.resume(coroutine.create(print), 1, 2))
print(coroutine.resume(coroutine.create(string.rep), "ab", 3))
print(coroutine.resume(coroutine.create(string.rep)))
print(coroutine.wrap(math.max)(3, 9, 4))
print(coroutine.resume(coroutine.create(coroutine.yield), 1, 2))
local co = coroutine.create(coroutine.yield)
print(coroutine.resume(co, "out"))
print(coroutine.resume(co, "in", "too"))
print(coroutine.status(co), coroutine.resume(co))
co = coroutine.create(pcall)
print(coroutine.resume(co, coroutine.yield, "through pcall"))
print(coroutine.resume(co, "back"))
