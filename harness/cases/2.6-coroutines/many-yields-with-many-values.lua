-- lua: 5.1-5.5

local unpack = table.unpack or unpack
local co = coroutine.wrap(function(...)
  local n = select("#", ...)
  while true do n = select("#", coroutine.yield(n, ...)) end
end)
local t = {}
for i = 1, 250 do t[i] = i end
print(select("#", co(unpack(t))))
print(select("#", co()))
print((co(nil, nil, nil)))
print((co(unpack(t, 1, 249))))
local sum = 0
for i = 1, 3000 do sum = sum + co(i, i) end
print(sum)
