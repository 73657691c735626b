-- lua: 5.3-5.5

local s, max, min = "hello", math.maxinteger, math.mininteger
print(string.sub(s, min), string.sub(s, max), string.sub(s, min, max), string.sub(s, max, min), string.sub(s, 2, max), string.sub(s, min, -2))
print(string.sub(s, min + 1), string.sub(s, -max, -1), string.sub(s, 1, min))
print(string.byte(s, min, min), string.byte(s, 5, max), string.byte(s, min, 2))
print(string.find(s, "h", min), string.find(s, "h", max), string.match(s, ".", max), string.match(s, ".", min))
print(pcall(string.sub, s, 2^63))
print(pcall(string.sub, s, -2^63))
print(pcall(string.sub, s, 1/0))
print(pcall(string.sub, s, 0/0))
