-- lua: 5.2-5.5

local function f(x)
  if x == 1 then goto one
  elseif x == 2 then goto two end
  do return "other" end
  ::one:: do return "one" end
  ::two:: return "two"
end
print(f(1), f(2), f(3))
local function g(n)
  local log = {}
  ::start::
  while true do
    repeat
      n = n - 1
      log[#log + 1] = n
      if n > 3 then goto start elseif n > 1 then goto next else goto done end
    until false
    ::next::
  end
  ::done::
  return table.concat(log, " ")
end
print(g(6))
