-- lua: 5.3-5.5

print((utf8.charpattern:gsub("[%c\128-\255]", function (c) return ("\\x%02X"):format(c:byte()) end)), #utf8.charpattern, utf8.charpattern:byte(1, -1))
local s = "aä€😀\0z"
local t = {}
for c in string.gmatch(s, utf8.charpattern) do t[#t + 1] = #c end
print(table.concat(t, " "))
print(string.match(s, utf8.charpattern, 2), string.match(s, "^" .. utf8.charpattern, 3), string.find(s, utf8.charpattern, 4))
print(select(2, string.gsub("\128\129\200\255abc", utf8.charpattern, "")))
print((string.gsub("häß", utf8.charpattern, {["ä"] = "ae", ["ß"] = "ss"})))
