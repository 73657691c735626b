-- lua: 5.1-5.5

local s = "text"
print(s:rep(2))
local function f() return (s.rep(2)) end
local function g(x) return (x:rep({})) end
print(pcall(g, s))
print(pcall(string.rep, s, {}))
print(pcall(s.rep, s))
local r = f() 
print(r)
s:rep()
