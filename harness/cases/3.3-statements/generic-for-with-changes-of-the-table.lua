-- lua: 5.1-5.5

local t = {}
for i = 1, 20 do t[i] = i; t["k" .. i] = i end
local n = 0
for k in pairs(t) do t[k] = nil n = n + 1 end
print(n, next(t))
local u = {1, 2, 3}
for i, v in ipairs(u) do if i < 6 then u[#u + 1] = v * 2 end io.write(v, " ") end
print()
for i, v in ipairs(u) do if i == 2 then u[3] = nil end io.write(v, " ") end
print()
print(pcall(next, {}, "no such key"))
