-- lua: 5.4-5.5
-- varies: random

print(math.random(1000), math.random(1000), math.random(1000))
