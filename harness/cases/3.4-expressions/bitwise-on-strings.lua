-- lua: 5.3-5.5

-- Strings are converted in 5.3; 5.4 and 5.5 refuse them, unless a metamethod of strings does it.
for _, s in ipairs{"7", "0xff", " 3 ", "3.0", "-1", "1.5", "abc", "1e100", "9223372036854775808", "-9223372036854775808", "0x1p3", "", "1e2", "7\0"} do
  print(#s, s, pcall(function() return s | 0 end))
  print(pcall(function() return 12 & s end))
  print(pcall(function() return ~s end))
  print(pcall(function() return s >> s end))
end
getmetatable("").__band = function(a, b) return tonumber(a) & tonumber(b) end
print(pcall(function() return "7" & 3 end))
print(pcall(function() return 6 & "3" end))
print(pcall(function() return "x" & 3 end))
