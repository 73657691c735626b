-- lua: 5.1-5.5

local n, last = 0
for x = 0, 1, 0.1 do n = n + 1 last = x end
print(n, last, last == 1)
n = 0 for x = 1, 0, -0.1 do n = n + 1 last = x end
print(n, string.format("%.17g", last))
n = 0 for x = 0, 1e-3, 1e-4 do n = n + 1 end print(n)
n = 0 for x = 2^53, 2^53 + 4 do n = n + 1 if n > 10 then break end end print(n)
for x = -1, 1 do local y = x * 0.5 io.write(tostring(y), " ") end print()
