-- lua: 5.1-5.5

print(pcall(coroutine.resume))
print(pcall(coroutine.resume, print))
print(pcall(coroutine.resume, nil))
local co = coroutine.create(function(a) local b = coroutine.yield(a); error({b}) end)
print(coroutine.resume(co, 1))
local ok, e = coroutine.resume(co, 2)
print(ok, type(e), e[1])
print(coroutine.resume(co))
print(coroutine.resume(co, 1, 2))
local self
self = coroutine.create(function() return coroutine.resume(self) end)
print(coroutine.resume(self))
local outer
outer = coroutine.create(function() return coroutine.resume(coroutine.create(function() return coroutine.resume(outer) end)) end)
print(coroutine.resume(outer))
