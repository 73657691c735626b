-- lua: 5.1-5.5

local t = {}
for i = 1, 50 do t["k" .. i] = i; t[i] = i end
local seen, sum = 0, 0
for k, v in pairs(t) do
  seen = seen + 1; sum = sum + v
  t[k] = (v % 2 == 0) and nil or v + 1
end
print(seen, sum)
seen = 0
for k, v in pairs(t) do seen = seen + 1; t[k] = nil end
print(seen, next(t))
print(pcall(function() for k in pairs({1, 2, 3}) do if k == 2 then error("stop", 0) end end end))
print((pcall(pairs, nil)))
print(pcall(function() for k, v in pairs(nil) do end end))
