-- lua: 5.2-5.5

local function f()
  local _ENV = {y = 7}
  x = 1
  return x, y, _ENV
end
local a, b, env = f()
print(a, b, env.x, env.y, x)
local function g(_ENV) return z end
print(g {z = "from the argument"}, g(_G))
for _, _ENV in ipairs {{v = 1, print = print}, {v = 2, print = print}} do print(v) end
