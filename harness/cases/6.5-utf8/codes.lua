-- lua: 5.3-5.5

for p, c in utf8.codes("aä€😀\0z") do print(p, c, math.type(p), math.type(c)) end
for p, c in utf8.codes("") do print("never", p, c) end
local f, s, i = utf8.codes("xy")
print(type(f), s, i, f(s, i), f(s, 1), f(s, 2))
print(pcall(utf8.codes))
print(pcall(utf8.codes, nil))
print(pcall(utf8.codes, {}))
for p, c in utf8.codes(12) do print(p, c) end
