-- lua: 5.1-5.5

local function age(person) return (os.difftime(86400, person.born)) end
print(age{born = 0})
local people = {{born = 1}, {born = {}}}
for i, p in ipairs(people) do print(i, age(p)) end
