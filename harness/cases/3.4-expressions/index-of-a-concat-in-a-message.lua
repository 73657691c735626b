-- lua: 5.3-5.5

print(pcall(table.concat, {"a"}, ",", 2, 2))
print(pcall(table.concat, {"a"}, ",", 2^31, 2^31))
print(pcall(table.concat, {"a"}, ",", math.maxinteger, math.maxinteger))
