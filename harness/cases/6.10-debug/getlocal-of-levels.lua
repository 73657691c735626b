-- lua: 5.1-5.5

local function show(level)
  local i = 1
  while true do
    local name, value = debug.getlocal(level + 1, i)
    if not name then break end
    if name:sub(1, 1) ~= "(" then print(i, name, type(value) == "number" and value or type(value)) end
    i = i + 1
  end
end
local function f(a, b, ...)
  local c = a + b
  do local hidden = 1 end
  for k = 5, 5 do
    local inside = k
    show(1)
  end
  local d
  show(1)
end
f(1, 2, 3, 4)
