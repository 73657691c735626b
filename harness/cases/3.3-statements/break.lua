-- lua: 5.1-5.5

for i = 1, 3 do
  for j = 1, 3 do
    if j == 2 then break end
    print(i, j)
  end
  if i == 2 then break end
end
while true do if true then do break end end end
for k, v in ipairs{1, 2, 3} do local f = function() return v end if f() == 2 then print(k) break end end
local compile = loadstring or load
print(compile("break", "=x"))
print(compile("while x do function f() break end end", "=x"))
print(compile("for i = 1, 2 do break print(1) end", "=x") and "break in the middle")
print(compile("\nif x then\nbreak end", "=x"))
