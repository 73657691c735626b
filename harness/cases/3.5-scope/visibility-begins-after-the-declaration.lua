-- lua: 5.1-5.5

x = "global"
print(x)
local x = x .. " seen by the local"
print(x)
do
  local x = x .. " and the inner"
  print(x)
  local x, y = "again", x
  print(x, y)
end
print(x, _G.x)
local f = function() return type(f) end
print(f())
local function g() return type(g) end
print(g())
