-- lua: 5.1-5.5

local function f(a, b, a2)
  a, b = b, a
  local a = a or "none"
  return a, b, a2
end
print(f(1, 2, 3))
print(f(1))
print(f())
print(f(1, 2, 3, 4))
print((function(a, a) return a end)(1, 2))
