-- lua: 5.1-5.3

local names = {}
for name, v in pairs(getmetatable(io.stdout)) do names[#names + 1] = name .. ":" .. type(v) end
table.sort(names)
print(table.concat(names, " "))
print(getmetatable(io.stdout).__index == getmetatable(io.stdout))
