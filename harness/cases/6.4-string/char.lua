-- lua: 5.1-5.5

print(string.char(), #string.char(), string.char(72, 105), #string.char(0, 0, 0), string.char("65", 66))
local all = {}
for b = 0, 255 do all[b + 1] = string.char(b) end
local s = table.concat(all)
print(#s, s:byte(1), s:byte(128), s:byte(129), s:byte(256), s == string.char(s:byte(1, -1)))
for _, v in ipairs{-1, 256, 1e5, -0.0, 65.0} do print(v, pcall(string.char, v)) end
print(pcall(string.char, 65, 66, 300))
print(pcall(string.char, {}))
print(pcall(string.char, 65, nil))
print(pcall(string.char, "x"))
print(pcall(string.char, 65.5))
