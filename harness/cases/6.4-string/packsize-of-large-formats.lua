-- lua: 5.3-5.5

for _, f in ipairs{"c2147483647", "c2147483646c1", "c2147483647c1", "c2147483648", "c99999999999999999999", "c2147483640!8i8"} do print(f, pcall(string.packsize, f)) end
print(pcall(string.packsize, "i999999999"))
