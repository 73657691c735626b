-- lua: 5.1-5.5

print(type(bit32), type(package.loaded.bit32), pcall(require, "bit32") == (bit32 ~= nil))
local names = {}
for k in pairs(bit32 or {}) do names[#names + 1] = k end
table.sort(names)
print(table.concat(names, " "))
