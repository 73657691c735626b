-- lua: 5.1-5.5

local function deep(n)
  if n == 0 then return (debug.traceback("deep")) end
  local s = deep(n - 1)
  return s
end
print(deep(3))
print(deep(15))
print(deep(25))
print(deep(100))
