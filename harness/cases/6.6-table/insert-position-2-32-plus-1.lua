-- lua: 5.1-5.5

local t = {1, 2}
if jit then return end -- it walks through 2^31 positions
print(pcall(table.insert, t, 2^32 + 1, "x"))
print(t[1], t[2], t[3])
