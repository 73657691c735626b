-- lua: 5.1

print(type(newproxy()), newproxy() == newproxy(), getmetatable(newproxy(nil)))
local p = newproxy(true)
print(type(getmetatable(p)), getmetatable(newproxy(p)) == getmetatable(p), next(getmetatable(p)))
print(pcall(newproxy, "x"))
print(pcall(newproxy, io.stdout))
print(pcall(rawget, p, 1))
print(pcall(function() return p.x end))
getmetatable(p).__index = {x = "indexed"}
print(p.x, p.y)
local q = newproxy(p)
print(q.x, p == q)
