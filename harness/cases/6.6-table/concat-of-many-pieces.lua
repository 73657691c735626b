-- lua: 5.1-5.5

local t = {}
for i = 1, 5000 do t[i] = i % 10 end
local s = table.concat(t)
print(#s, s:sub(1, 20), s:sub(-5))
s = table.concat(t, ", ")
print(#s, s:sub(1, 20), s:sub(-5))
for i = 1, 200 do t[i] = ("x"):rep(i) end
s = table.concat(t, "", 1, 200)
print(#s, s == ("x"):rep(200 * 201 / 2))
