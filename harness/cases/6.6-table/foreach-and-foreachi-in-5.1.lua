-- lua: 5.1

print(table.foreachi({"a", "b", "c"}, print))
print(table.foreachi({"a", "b", "c"}, function(i, v) if v == "b" then return i, v end end))
print(table.foreachi({"a", "b"}, function() return false end))
local keys = {}
print(table.foreach({x = 1, y = 2, 10, 20}, function(k, v) keys[#keys + 1] = tostring(k) .. "=" .. v end))
table.sort(keys)
print(table.concat(keys, " "))
print(table.foreach({only = 1}, function(k, v) return k .. v, "dropped" end))
print(pcall(table.foreach, {1}))
print(pcall(table.foreach, nil, print))
print(pcall(table.foreachi, {1}, "f"))
print(pcall(table.foreachi, {1}, function(i) error("at " .. i) end))
print(pcall(table.foreach, {1}, function(i) error("at " .. i, 0) end))
