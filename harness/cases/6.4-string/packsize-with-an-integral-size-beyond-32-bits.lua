-- lua: 5.3-5.5

print(pcall(string.packsize, "i4294967297"))
