-- lua: 5.3-5.5

local s, far = "häuser", 1 << 32
print(pcall(utf8.len, s, far + 1))
print(pcall(utf8.len, s, 1, far + 1))
print(pcall(utf8.len, s, -far))
print(pcall(utf8.codepoint, s, far + 1))
print(pcall(utf8.codepoint, s, 1, far + 1))
print(pcall(utf8.codepoint, s, -far - 1))
print(pcall(utf8.offset, s, far + 1))
print(pcall(utf8.offset, s, -far - 1))
print(pcall(utf8.offset, s, 1, far + 1))
print(pcall(utf8.offset, s, 1, -far))
