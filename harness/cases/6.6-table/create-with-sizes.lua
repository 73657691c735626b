-- lua: 5.5

local t = table.create(10)
print(type(t), #t, next(t), getmetatable(t))
t = table.create(3, 4)
for i = 1, 5 do t[i] = i end
t.x = 1
print(#t, t.x, table.concat(t, " "))
print(#table.create(0), #table.create(0, 0), #table.create("4", "2"), #table.create(2.0))
print(table.create(5)[1], select("#", table.create(1, 1, 1)))
