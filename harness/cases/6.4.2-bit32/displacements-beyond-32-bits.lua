-- lua: 5.2-5.3

local far = 2^32 + 1
print(bit32.lshift(1, far), bit32.rshift(8, far), bit32.arshift(-8, far), bit32.lrotate(1, far), bit32.rrotate(1, far))
print(pcall(bit32.extract, 255, far))
print(pcall(bit32.replace, 255, 0, far))
