-- lua: 5.1-5.5

local t = {a = "A", b = 1, c = false, d = 2.5, [""] = "empty", ["2"] = "two", [3] = "position"}
print(string.gsub("abcdef", "%a", t))
print(string.gsub("xyz", "()", t))
print(string.gsub("xy", "", t))
print(string.gsub("2 3", "%d", t))
print(string.gsub("ab", "(%a)(%a)", t))
local lazy = setmetatable({}, {__index = function (_, k) return k ~= "b" and "<" .. k .. ">" or nil end})
print(string.gsub("abc", "%a", lazy))
print(string.gsub("abc", "()", setmetatable({}, {__index = function (_, k) return type(k) .. k end})))
print(pcall(string.gsub, "abc", "b", {b = {}}))
print(pcall(string.gsub, "abc", "b", {b = true}))
print(pcall(string.gsub, "abc", "b", {b = print}))
print(pcall(string.gsub, "abc", "b", setmetatable({}, {__index = function () error("no such key", 0) end})))
