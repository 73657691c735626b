-- lua: 5.1-5.5

local function nest(n) if n == 0 then error("deep", 0) end return select("#", pcall(nest, n - 1)) end
print(nest(50))
local ok = pcall(nest, 150)
print(ok)
local function deep(n)
  if n == 0 then return 0 end
  local ok, r = pcall(deep, n - 1)
  return ok and type(r) == "number" and r + 1 or tostring(r):gsub("%d+", "N")
end
print(deep(20), deep(100), deep(150))
print(deep(500))
