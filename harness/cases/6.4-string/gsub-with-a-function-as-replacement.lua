-- lua: 5.1-5.5

print(string.gsub("abc", "%a", string.upper))
print(string.gsub("abc", "%a", function () end))
print(string.gsub("abc", "%a", function () return nil, "x" end))
print(string.gsub("abc", "%a", function () return false end))
print(string.gsub("abc", "%a", function (c) return c == "b" and 42 or nil end))
print(string.gsub("k=v, x=y", "(%w)=(%w)", function (a, b, c) return b .. "=" .. a .. tostring(c) end))
print(string.gsub("abc", "()", function (p) return p .. (math.type and math.type(p) or type(p)) end))
local n = 0
print(string.gsub("aaaa", "a", function () n = n + 1; return n end, 3), n)
print(string.gsub("abc", "%a", function (c) return (string.gsub(c .. c, c, "<%0>")) end))
print(pcall(string.gsub, "abc", "b", function () return {} end))
print(pcall(string.gsub, "abc", "b", function () return true end))
print(pcall(string.gsub, "abc", "b", function () error({}) end))
print(pcall(string.gsub, "abc", "(b", function () return "never" end))
