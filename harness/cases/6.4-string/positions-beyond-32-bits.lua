-- lua: 5.4-5.5

local s, far = "hello", 1 << 32
print(string.sub(s, far + 2), string.sub(s, far + 2, far + 3), string.byte(s, far + 2))
print(string.find(s, "l", far + 1), string.find(s, "l", far + 1, true), string.find(s, "", far + 1))
print(string.match(s, "l+", far + 1), string.gmatch(s, "l", far + 1)())
