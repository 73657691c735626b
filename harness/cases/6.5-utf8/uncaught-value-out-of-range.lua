-- lua: 5.3-5.5

local function decode(list)
  local s = utf8.char(table.unpack(list))
  return s
end
print(decode{72, 105})
print(decode{72, -5})
