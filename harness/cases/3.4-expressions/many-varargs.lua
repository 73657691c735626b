-- lua: 5.1-5.5

local unpack = table.unpack or unpack
local function f(...) return select("#", ...), (select(select("#", ...), ...)) end
for _, n in ipairs{1, 49, 50, 51, 200, 249, 250, 251, 255, 256, 1000, 5000} do
  local t = {} for i = 1, n do t[i] = i end
  local u = {unpack(t)}
  print(n, #u, f(unpack(t)))
end
print(select("#", unpack({}, 1, 200)), (select("#", unpack({}, 1, 0))))
print(pcall(unpack, {}, 1, 1e8))
print(pcall(unpack, {}, 1, 2^31 - 2))
