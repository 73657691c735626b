-- lua: 5.3-5.5

local s, far = "hello", 1 << 32
print(string.sub(s, -far - 2), string.sub(s, 1, far + 2), string.sub(s, 1, -far), string.byte(s, -far - 1, -far), string.byte(s, 1, far + 1))
print(string.find(s, "l", -far), string.match(s, ".", -far - 1), string.gmatch(s, ".", -far)())
print(string.gsub(s, "l", "L", far + 1), string.gsub(s, "l", "L", -far), string.rep("x", -far))
