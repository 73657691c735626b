-- lua: 5.1-5.5

local names = {}
for k, v in pairs(package) do names[#names + 1] = k .. " " .. type(v) end
table.sort(names)
print(table.concat(names, "\n"))
print(#(package.searchers or package.loaders))
for i, s in ipairs(package.searchers or package.loaders) do print(i, type(s)) end
