-- lua: 5.1-5.5

local t = math.type or type
for _, s in ipairs{"10", " 10 ", "1e1", "0xA", "10.", ".5", "-0", "0x1p4"} do
  local ok, v = pcall(math.floor, s)
  print(s, ok, ok and t(v), v)
end
for _, s in ipairs{"", " ", "1 0", "1e", "0x", "nan", "inf", "1\0", "0b1"} do
  print((s:gsub("%z", "\\0")), (pcall(math.floor, s)))
end
