-- lua: 5.1-5.5

local people = {{name = "Ann", age = 30}, {name = "Bob"}, {name = "Cy", age = 20}}
local function byage(a, b)
  local less = a.age < b.age
  return less
end
local function arrange(list)
  table.sort(list, byage)
  return list
end
print(#people)
local r = arrange(people)
print("not reached", r)
