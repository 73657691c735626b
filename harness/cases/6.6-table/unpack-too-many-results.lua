-- lua: 5.1-5.5

local unpack = table.unpack or unpack
print(pcall(unpack, {}, 1, 1e8))
print(pcall(unpack, {}, 0, 2^31 - 2))
if math.maxinteger then
  print(pcall(unpack, {}, math.mininteger, math.maxinteger))
  print(pcall(unpack, {}, 0, math.maxinteger))
  print(pcall(unpack, {}, 1, math.maxinteger))
  print(unpack({[math.maxinteger] = "last"}, math.maxinteger, math.maxinteger))
  print(select("#", unpack({}, math.maxinteger - 9, math.maxinteger)))
  print(select("#", unpack({}, math.mininteger, math.mininteger + 4)))
  print(select("#", unpack({}, math.maxinteger, math.mininteger)))
  print(pcall(unpack, {}, 1.5))
end
