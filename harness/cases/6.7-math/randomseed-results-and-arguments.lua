-- lua: 5.4-5.5

print(select("#", math.randomseed(1)), select("#", math.randomseed()))
print(math.randomseed(7) == nil or math.randomseed(7) == 7)
local a, b = math.randomseed()
print(math.type(a), math.type(b))
print(pcall(math.randomseed, 1, "x"))
print(pcall(math.randomseed, 1, 1.5))
print(pcall(math.randomseed, 1, {}))
