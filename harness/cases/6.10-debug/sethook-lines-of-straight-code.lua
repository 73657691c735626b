-- lua: 5.1-5.5

local lines = {}
local function f(x)
  local y = x + 1
  local t = {y,
    x}
  return y, t
end
debug.sethook(function(_, line) lines[#lines + 1] = line end, "l")
f(1) f(2)
f(
  3
)
debug.sethook()
print(table.concat(lines, " "))
