-- lua: 5.4-5.5

local function closer(name)
  return setmetatable({}, {__close = function(self, e) print("close " .. name, e) end})
end
do
  local a <close> = closer "a"
  local b <close> = closer "b"
  local c <close> = nil
  local d <close> = false
  print "in the block"
end
local function f()
  local a <close> = closer "f.a"
  do local b <close> = closer "f.b" end
  return (print "before return") or "result"
end
print(f())
for i = 1, 2 do local x <close> = closer("loop " .. i) if i == 2 then break end end
repeat local x <close> = closer "repeat" until print "condition" == nil
