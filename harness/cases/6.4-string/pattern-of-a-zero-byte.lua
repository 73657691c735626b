-- lua: 5.1-5.5

-- A pattern of 5.1 ends at its first zero byte.
local s = "ab\0cd\0\0ef"
print(#s, string.find(s, "%z"), string.find(s, "c"), string.find(s, "\0", 1, true), string.find(s, "\0\0", 1, true))
print(string.find(s, "[%z]+e"), string.find(s, "[^%z]+$"))
print((string.gsub(s, "%z", "0")))
for _, p in ipairs{"b\0c", "\0+e", "[\0]", "[^\0]+", "\0", "d\0*"} do print(string.format("%q", p), pcall(string.find, s, p)) end
print(string.gsub(s, "[%z]", {["\0"] = "<nul>"}))
print(#string.match(s, ".*"), #string.match(s, "%a*%z"), #string.gsub("x", "x", "\0y\0"))
print(string.byte(string.gsub("x\0", "x", "%0\0%0"), 1, -1))
