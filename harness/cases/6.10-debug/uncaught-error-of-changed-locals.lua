-- lua: 5.1-5.5

local function spoil() debug.setlocal(2, 2, nil) end
local function add(x, y)
  spoil()
  return x + y
end
print(pcall(add, 1, 2))
local r = add(1, 2)
