-- lua: 5.3-5.5

local max, min = math.maxinteger, math.mininteger
print(pcall(math.fmod, 3, 0))
print(pcall(math.fmod, min, 0))
print(math.fmod(min, -1), math.fmod(min, 1), math.fmod(max, -1), math.type(math.fmod(min, -1)))
print(math.fmod(min, max), math.fmod(max, min), math.fmod(min, min), math.fmod(max, max))
print(math.fmod(-6, 4), math.fmod(6, -4), math.fmod(-6, -4), -6 % 4)
print(math.fmod(max, 2.0), math.fmod(3, 2), math.fmod(3.0, 2))
