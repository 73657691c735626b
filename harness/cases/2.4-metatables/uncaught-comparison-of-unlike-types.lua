-- lua: 5.1-5.5

local Point = {}
Point.__lt = function(a, b) return a.x < b.x end
local points = {setmetatable({x = 1}, Point), setmetatable({x = "one"}, Point)}
table.sort(points)
