-- lua: 5.1-5.5

print(pcall(string.gsub))
print(pcall(string.gsub, "x"))
print(pcall(string.gsub, "x", "x"))
print(pcall(string.gsub, "x", "x", nil))
print(pcall(string.gsub, "x", "x", true))
print(pcall(string.gsub, nil, "x", ""))
print(pcall(string.gsub, "x", {}, ""))
print(pcall(string.gsub, "x", "x", coroutine.create(function () end)))
print(pcall(string.gsub, "x", "y", true))
print(string.gsub(101, 0, 9))
print(pcall(function () local s = "x"; return s:gsub("x") end))
print(pcall(function () local s = "x"; return s:gsub() end))
