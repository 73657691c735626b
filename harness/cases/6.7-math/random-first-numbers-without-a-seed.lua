-- lua: 5.1-5.3

-- A known difference. The sequence is fixed in both, but comes from another C library.
print(math.random(1000), math.random(1000), math.random(1000))
