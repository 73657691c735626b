-- lua: 5.3-5.5

-- 5.5 gives the position of the last byte as a second result.
local s = "aä€😀"
for n = 1, 5 do print(n, utf8.offset(s, n)) end
print(select("#", utf8.offset(s, 2)), select("#", utf8.offset(s, 9)), utf8.offset(s, -1))
print(pcall(utf8.offset, "\xE2\x82", 1))
print(pcall(utf8.offset, "a\xFF", 2))
