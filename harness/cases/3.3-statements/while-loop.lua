-- lua: 5.1-5.5

local i = 0
while i < 3 do i = i + 1 io.write(i, " ") end
print()
while true do
  i = i - 1
  if i < 0 then break end
  while true do io.write(i, ";") break end
end
print(i)
local list = {n = 1, next = {n = 2, next = {n = 3}}}
while list do print(list.n) list = list.next end
print(pcall(function() while nil + 1 do end end))
