-- lua: 5.2-5.5

local t = setmetatable({1, 2, 3}, {__len = function() return 100 end})
print(#t, rawlen(t), rawlen("abc"), rawlen(""), rawlen("\0\0"), rawlen({}))
print(pcall(rawlen))
print(pcall(rawlen, 5))
print(pcall(rawlen, nil))
print(pcall(rawlen, io.stdout))
print(pcall(rawlen, print))
print(math.type and math.type(rawlen(t)))
