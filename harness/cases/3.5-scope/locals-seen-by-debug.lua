-- lua: 5.1-5.5

local function names()
  local t, i = {}, 1
  while true do
    local name, value = debug.getlocal(2, i)
    if not name then break end
    if name:sub(1, 1) ~= "(" then t[#t + 1] = name .. "=" .. tostring(value) end
    i = i + 1
  end
  print(table.concat(t, " "))
end
local function f(a, b)
  names()
  local c = 3
  do local d = 4 names() end
  local e = names()
  for i = 1, 1 do local a = "shadow" names() end
  names()
end
f(1)
