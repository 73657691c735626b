-- lua: 5.1-5.2

-- Converted to an `int`, of which only the low bits count natively.
print(pcall(select, 2^32 + 2, "a", "b"))
print(pcall(table.concat, {"a", "b"}, ",", 2^32 + 1, 2^32 + 2))
print(pcall(string.char, 2^32 + 65))
print(pcall(tonumber, "z", 2^32 + 36))
print(pcall(error, "message", 2^32))
print(pcall(math.ldexp, 1, 2^32 + 3))
-- LuaJIT walks through 2^31 positions here
if not jit then print(pcall(function() local t = {1, 2} table.insert(t, 2^32 + 1, 0) return t[1], t[2] end)) end
