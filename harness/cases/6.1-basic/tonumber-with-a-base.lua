-- lua: 5.1-5.5

for _, case in ipairs {{"10", 2}, {"ff", 16}, {"FF", 16}, {"zz", 36}, {"Zz", 36}, {"8", 8}, {"7", 8}, {" 11 ", 2}, {"-11", 2}, {"-ff", 16}, {"1.0", 10}, {"1e1", 16}, {"", 10}, {" ", 2}, {"2", 2}, {"z", 35}, {"10", 10}, {"0x10", 16}, {"7fffffffffffffff", 16}, {"ffffffffffffffff", 16}, {"1" .. ("0"):rep(64), 2}, {"- 1", 10}, {"+1", 10}, {"1 1", 2}, {"11\0", 2}} do
  local n = tonumber(case[1], case[2])
  print(("%q"):format(case[1]), case[2], n, math.type and n and math.type(n))
end
