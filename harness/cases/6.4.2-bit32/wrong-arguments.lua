-- lua: 5.2-5.3

for _, name in ipairs{"arshift", "band", "bnot", "bor", "btest", "bxor", "extract", "lrotate", "lshift", "replace", "rrotate", "rshift"} do
  local f = bit32[name]
  if not name:find("^[lr]shift$") then print(name, pcall(f)) end
  print(name, pcall(f, 1))
  print(name, pcall(f, 1, nil))
  print(name, pcall(f, "x", 1))
  print(name, pcall(f, {}, 1))
  print(name, pcall(f, 1, true))
  print(name, pcall(f, 1, 2, {}))
end
