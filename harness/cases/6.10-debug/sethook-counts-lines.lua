-- lua: 5.2-5.5

local lines = {}
local function f()
  local a = 1
  for i = 1, 3 do
    a = a + i
  end
  if a > 100 then
    a = 0
  end
  return a
end
debug.sethook(function(event, line) lines[#lines + 1] = line end, "l")
f()
debug.sethook()
print(table.concat(lines, " "))
