-- lua: 5.1-5.5

local list = {"", "a", "A", "b", "aa", "ab", "a\0", "a\0b", "a\0c", "\0", "\0\0", "Z", "10", "9", "\128", "\255", "\195\169", "\127", " "}
local sorted = {}
for i, s in ipairs(list) do sorted[i] = s end
table.sort(sorted)
for i, s in ipairs(sorted) do print((s:gsub("[^!-~]", function(c) return "<" .. c:byte() .. ">" end))) end
print("a" < "b", "a" <= "a", "a" < "a", "b" > "a", "" < "a", "a\0b" < "a\0c", "a\0" == "a", "1" == 1, "10" < "9")
print("x" == "x", "x" .. "y" == "xy", ("x"):rep(100) == ("x"):rep(100), ("x"):rep(100) < ("x"):rep(101))
