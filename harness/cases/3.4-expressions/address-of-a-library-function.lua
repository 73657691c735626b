-- lua: 5.1-5.5

print(print)
print(tostring(math.floor))
print(coroutine.wrap(function() end))
