-- lua: 5.1-5.5

for i, v in ipairs {10, 20, nil, 40} do print(i, v) end
for i, v in ipairs {} do print("never") end
for i, v in ipairs {[0] = 0, [1] = "one", [2] = false, x = 1} do print(i, v) end
local t = {1, 2, 3}
for i, v in ipairs(t) do if i < 6 then t[#t + 1] = v * 10 end end
print(#t, t[#t])
for i in ipairs(t) do t[i + 1] = nil end
print(#t)
local f, s, c = ipairs(t)
print(type(f), s == t, c, math.type and math.type(c), f(s, c))
print(f(s, 1), pcall(f, s, "x"))
print(pcall(f, nil, 0))
print(pcall(ipairs))
