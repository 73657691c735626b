-- lua: 5.1-5.5

local function f(a, b)
  local c = a + b
  return c * 2
end
local seen = {}
debug.sethook(function(event)
  if debug.getinfo(2, "f").func ~= f then return end
  local i, names = 1, {}
  while true do
    local name, value = debug.getlocal(2, i)
    if not name or name:find("^%(") then break end
    names[i] = name .. "=" .. tostring(value)
    i = i + 1
  end
  seen[#seen + 1] = event .. " " .. table.concat(names, " ")
end, "crl")
f(1, 2)
debug.sethook()
for _, s in ipairs(seen) do print(s) end
