-- lua: 5.1-5.5

local t, f, n, b, s = {}, print, nil, true, "s"
print(pcall(function() return 1 < "2" end))
print(pcall(function() return "1" < 2 end))
print(pcall(function() return t < 1 end))
print(pcall(function() return t < t end))
print(pcall(function() return f <= f end))
print(pcall(function() return n > 1 end))
print(pcall(function() return n < n end))
print(pcall(function() return b >= b end))
print(pcall(function() return t < f end))
print(pcall(function() return s < t end))
print(pcall(function() return io.stdout < io.stdout end))
print(pcall(function() return t.x <= 5 end))
print(pcall(function() return 5 <= t.x end))
print(1 == "1", t == {}, t == t, nil == false, 0 == false, "" == false, print == print, f == t)
