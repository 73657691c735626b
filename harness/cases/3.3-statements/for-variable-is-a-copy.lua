-- lua: 5.1-5.4

for i = 1, 3 do
  local before = i
  i = i * 10
  print(before, i)
end
local n = 3
for i = 1, n do n = 1 io.write(i, " ") end
print(n)
local i = "outer"
for i = i and 1, 2 do io.write(i, " ") end
print(i)
