-- lua: 5.1-5.5

local function change(level, wanted, value)
  for i = 1, 50 do
    local name = debug.getlocal(level + 1, i)
    if name == wanted then return debug.setlocal(level + 1, i, value) end
  end
end
local function f(a)
  local b, c = 2, 3
  print(change(1, "a", "A"), change(1, "b", nil), change(1, "nothing", 1))
  print(a, b, c)
  return a
end
print(f(1))
print(debug.setlocal(1, 200, 1))
local x = 1
print(debug.setlocal(1, 3, "three"), x)
