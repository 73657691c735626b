-- lua: 5.1-5.5

local kind = math.type or type
for _, s in ipairs{"10", " 10 ", "\t1e1\n", "0x10", "-0x10", "1.", ".5", "-.5", "+5", "- 5", "--5", "5 5", "", " ", "0x", "1e", "1e+5", "inf", "nan",
  "0x.8p1", "1_0", "1,5", "1\0", "10\0", "\0" .. "1", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e400", "0x1p-2", "٣"} do
  local ok, x = pcall(function() return s + 0 end)
  print((s:gsub("%c", "?")), ok, ok and kind(x) or "", ok and x or x:gsub("^.-:%d+: ", ""))
end
