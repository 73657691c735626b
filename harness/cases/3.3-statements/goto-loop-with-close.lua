-- lua: 5.4-5.5

local n = 0
::top::
do
  local x <close> = setmetatable({}, {__close = function() io.write("closed ", n, "\n") end})
  n = n + 1
  if n < 3 then goto top end
end
do
  goto inside
  ::inside::
  local y <close> = setmetatable({}, {__close = function() print "y closed" end})
end
print(load("goto l; local x <close> = nil; ::l:: print(x)", "=x"))
print(load("local x <close> = 5; return function() x = 1 end", "=x"))
