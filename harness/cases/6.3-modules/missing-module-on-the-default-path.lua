-- lua: 5.1-5.5

-- The sandbox looks in other places.
print(pcall(require, "missing"))
