-- lua: 5.2-5.5

print(table.unpack({"a", "b", "c"}, 2))
print(rawget(_G, "unpack"), type(table.unpack))
print(pcall(table.unpack, {}, 1, 1e7))
print(select("#", table.unpack({}, 1, 200)))
print(string.char(table.unpack{72, 101, 108, 108, 111}))
print(math.max(table.unpack({3, 9, 4})))
print(pcall(table.unpack, 42))
print(pcall(table.unpack, "text", 1, 2))
