-- lua: 5.2-5.5

for i = 1, 5 do
  if i % 2 == 0 then goto continue end
  io.write(i, " ")
  ::continue::
end
print()
local i = 1
::top::
if i <= 3 then io.write(i, " ") i = i + 1 goto top end
print()
for a = 1, 3 do
  for b = 1, 3 do
    if a * b == 4 then print(a, b) goto found end
  end
end
::found:: ; ;
do goto skip end
print "skipped"
::skip::
while true do goto out end
::out:: print "out"
