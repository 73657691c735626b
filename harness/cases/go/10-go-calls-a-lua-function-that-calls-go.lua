-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

print(table.concat(go.map(function(n) return go.add(n, 100) end, { 1, 2, 3 }), " "))

-- Thirty levels of Lua and Go in each other.
local deepest = 0
local function lua(n)
  deepest = math.max(deepest, 30 - n)
  return go.down(lua, n)
end
print(go.down(lua, 30), deepest)

-- Several such calls at once.
local tasks = {}
for n = 1, 10 do
  tasks[n] = luago.spawn(function()
    return go.down(function(below) luago.sleep(0.001) return below end, n)
  end)
end
print(table.concat(luago.all(tasks), " "))

-- An error from the bottom comes up through all levels.
local function fails(n)
  if n == 0 then return go.load "plain" end
  return go.down(fails, n)
end
local ok, e = pcall(go.down, fails, 5)
print(ok, tostring(e))
