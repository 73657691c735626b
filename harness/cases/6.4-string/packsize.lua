-- lua: 5.3-5.5

for _, f in ipairs{"b", "<h", "i4 i8", "!i4", "b!i4", "!8 b d b", "c10", "c0", "xxx", "bxh", "fdn", "jJT", "lL", "i16I16", "!4Xi4b", "b!4Xi4"} do print(f, string.packsize(f)) end
for _, f in ipairs{"s", "z", "s1", "bz", "c", "i", "Xi"} do print(f, pcall(string.packsize, f)) end
print(pcall(string.packsize))
print(pcall(string.packsize, {}))
print(pcall(string.packsize, 5))
