-- lua: 5.4-5.5

-- xoshiro256** is the same everywhere
math.randomseed(42)
print(math.random(1000), math.random(1000), math.random(0), math.random(-5, 5))
print(string.format("%.14g", math.random()))
math.randomseed(1, 2)
print(math.random(0), math.random(math.mininteger, math.maxinteger), math.random(math.maxinteger))
math.randomseed(2^53)
print(math.random(1000000))
print(pcall(math.randomseed, 1.5))
math.randomseed(-1, -1)
print(math.random(0), string.format("%a", math.random()))
print(pcall(math.randomseed, 0/0))
