-- lua: 5.2-5.5

local unpack = table.unpack
print(pcall(unpack, {}, 1, 1e7))
print(pcall(unpack, {}, 0, 2^31 - 1))
print(pcall(unpack, {}, -2^31, 2^31 - 1))
if math.maxinteger then
  print(pcall(unpack, {}, math.mininteger, math.maxinteger))
  print(unpack({}, math.maxinteger, math.mininteger))
  print(unpack({[math.maxinteger] = "last"}, math.maxinteger, math.maxinteger))
  print(unpack({}, math.maxinteger - 1, math.maxinteger))
end
print(select("#", unpack({}, 1, 5000)))
