-- lua: 5.1-5.5
-- go: scenarios
local go = require "scenarios"

print("add", go.add(20, 22), go.add(-1, 1))
print("half", go.half(1, 2), go.half(0.25, 0.5))
print("sum", go.sum(1), go.sum(1, 2, 3, 4))

local total = 0
for n = 1, 1000 do total = go.add(total, n) end
print("a thousand calls", total)

for _, bad in ipairs { "x", 1.5, false } do
  local ok, e = pcall(go.add, 1, bad)
  print(ok, e.message)
end

-- What a number of Lua 5.1 and 5.2 cannot hold is refused there, never rounded.
local ok, big = pcall(go.add, 2 ^ 53, 1)
if math.type then ok = ok and ("%d"):format(big) == "9007199254740993" else ok = not ok end
print("beyond 2^53", ok)
print("the guest goes on", go.add(1, 2))
