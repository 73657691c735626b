-- lua: 5.1-5.5

local function deep(n)
  if n == 0 then error("bottom") end
  deep(n - 1)
  return n
end
local function start(n) deep(n) return n end
print(pcall(start, 5))
start(40)
