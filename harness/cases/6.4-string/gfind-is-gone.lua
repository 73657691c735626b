-- lua: 5.2-5.5

print(string.gfind)
local function old(s) return string.gfind(s, ".") end
old("x")
