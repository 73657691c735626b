-- lua: 5.1-5.5

local function cut(s, from)
  local part = s:sub(from)
  return part
end
print(cut("text", 2))
print(pcall(cut, "text", {}))
print(pcall(cut, 5, 1))
print(cut("text"))
