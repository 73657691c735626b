-- lua: 5.1-5.5

local up = 1
local function f() return up end
local function keys(t)
  local names = {}
  for k, v in pairs(t) do names[#names + 1] = k .. ":" .. (type(v) == "function" and "function" or type(v) == "table" and "table" or tostring(v)) end
  table.sort(names)
  print(table.concat(names, " "))
end
for _, option in ipairs{"n", "S", "l", "u", "f", "L", "nSl", "flnSu", ""} do
  io.write("[" .. option .. "] ")
  keys(debug.getinfo(f, option))
end
for _, option in ipairs{"n", "S", "l", "u", "L"} do
  io.write("<" .. option .. "> ")
  keys(debug.getinfo(print, option))
end
