-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w+")
print(pcall(f.seek, f, "bad"))
print(pcall(f.seek, f, 5))
print(pcall(f.seek, f, {}))
print(pcall(f.seek, f, "set", "x"))
print(pcall(f.seek, f, "set", {}))
print(pcall(f.seek, f, "set", "7"))
print(pcall(f.seek, f, nil, nil))
print(pcall(f.seek))
print(pcall(f.seek, "f"))
f:close()
print(pcall(f.seek, f))
