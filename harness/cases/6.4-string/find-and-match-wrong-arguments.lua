-- lua: 5.1-5.5

for _, name in ipairs{"find", "match", "gmatch"} do
  local f = string[name]
  print(name, pcall(f))
  print(name, pcall(f, "x"))
  print(name, pcall(f, nil, "x"))
  print(name, pcall(f, {}, "x"))
  print(name, pcall(f, "x", true))
end
for _, name in ipairs{"find", "match"} do
  local f = string[name]
  print(name, pcall(f, "x", "x", {}))
  print(name, pcall(f, "x", "x", "one"))
  print(name, pcall(f, "x", "x", 1.5))
  print(name, pcall(f, "xx", "x", "2"))
  print(name, pcall(f, "xx", "x", nil))
  print(name, pcall(f, "xx", "x", -1e15))
end
