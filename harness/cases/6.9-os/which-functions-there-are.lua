-- lua: 5.1-5.5

local names = {}
for name, f in pairs(os) do names[#names + 1] = name .. ":" .. type(f) end
table.sort(names)
for _, name in ipairs(names) do print(name) end
