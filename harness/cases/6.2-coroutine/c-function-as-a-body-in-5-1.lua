-- lua: 5.1

print(pcall(coroutine.create, print))
print(pcall(coroutine.wrap, print))
print(pcall(coroutine.wrap, coroutine.wrap(function() end)))
