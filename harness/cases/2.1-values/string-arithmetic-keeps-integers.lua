-- lua: 5.3-5.5

for _, v in ipairs {"10" + 1, "10" + "1", "10.0" + 1, "0x10" * 2, "3" // 2, "7" % "4", -"5", "9223372036854775807" + 1, "1" / 1} do
  print(v, math.type(v))
end
print(pcall(function() return "3" | 4 end))
print(pcall(function() return "3.0" & 1 end))
print(pcall(function() return "3.5" & 1 end))
print(pcall(function() return "a" & 1 end))
print(pcall(function() return 1.5 | 1 end))
print(pcall(function() return 2^63 | 1 end))
