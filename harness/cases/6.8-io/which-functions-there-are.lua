-- lua: 5.1-5.5

local function list(t)
  local names = {}
  for name, v in pairs(t) do names[#names + 1] = name .. ":" .. type(v) end
  table.sort(names)
  print(table.concat(names, " "))
end
list(io)
list(getmetatable(io.stdout).__index)
