-- lua: 5.2-5.5

local fs = {}
do
  local i = 1
  ::top::
  local x = i * 10
  fs[i] = function() x = x + 1 return x end
  i = i + 1
  if i <= 3 then goto top end
end
print(fs[1](), fs[1](), fs[2](), fs[3]())
for i = 1, 2 do
  local n = 0
  ::again::
  do local m = n fs[#fs + 1] = function() return m end end
  n = n + 1
  if n < 2 then goto again end
end
for i = 4, #fs do io.write(fs[i](), " ") end
print()
