-- lua: 5.1-5.5

for _, v in ipairs{true, {}, print, coroutine.create(function() end), io.stdout} do
  local ok, message = pcall(table.concat, {"a", v, "b"}, ",")
  print(ok, (message:gsub("0x%x+", "ADDRESS")))
end
print(pcall(table.concat, {"a", nil, "c"}, ",", 1, 3))
print(pcall(table.concat, {"a", setmetatable({}, {__tostring = function() return "s" end})}))
print(pcall(table.concat))
print(pcall(table.concat, nil))
print(pcall(table.concat, "abc"))
print(pcall(table.concat, {"a"}, {}))
print(pcall(table.concat, {"a"}, true))
print(pcall(table.concat, {"a"}, ",", "x"))
print(pcall(table.concat, {"a"}, ",", 1, {}))
