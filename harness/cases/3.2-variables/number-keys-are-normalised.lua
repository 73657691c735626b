-- lua: 5.1-5.5

local t = {}
t[1] = "a"; t[1.0] = "b"; t[2^31] = "c"; t[-0.0] = "d"; t[0] = "e"; t[1/0] = "f"; t[-1/0] = "g"; t[2^53] = "h"; t[2^63] = "i"
t[-2^63] = "j"; t[1e300] = "k"; t[0.1] = "l"
print(t[1], t[2147483648], t[0], t[-0.0], t[1/0], t[-1/0], t[9007199254740992], t[2^63], t[-2^63], t[1e300], t[0.1], t[0.1 + 1e-18])
local n = 0
for k, v in pairs(t) do n = n + 1 end
print(n)
for k in pairs{[3.0] = 1} do print(k, (math.type or type)(k)) end
for k in pairs{[2^53] = 1} do print(k, (math.type or type)(k)) end
for k in pairs{[-0.0] = 1} do print(k, 1/k) end
