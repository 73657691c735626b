-- lua: 5.4-5.5

local function f(...)
  local a <const> = 1
  local b <close> = nil
  return a, ...
end
local i = debug.getinfo(f, "uSl")
print(i.nups, i.nparams, i.isvararg, i.linedefined, i.lastlinedefined)
local lines = {}
for l in pairs(debug.getinfo(f, "L").activelines) do lines[#lines + 1] = l end
table.sort(lines)
print(table.concat(lines, " "))
