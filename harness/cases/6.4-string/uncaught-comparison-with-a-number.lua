-- lua: 5.1-5.5

local list = {"b", "a", 3}
local function sorted(t) table.sort(t) return t end
print(table.concat(sorted{"b", "a", "c"}, " "))
local function main() local t = sorted(list) print(#t) end
main()
