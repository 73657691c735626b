-- lua: 5.4-5.5

local function f()
  local x <close> = setmetatable({}, {__close = function() print "closed" end})
  return (function() print "called before close" return 1, 2, 3 end)()
end
print(f())
local function g(...)
  local x <close> = setmetatable({}, {__close = function() print "closed" end})
  return ...
end
print(g(1, nil, 3, nil))
print(select("#", g(1, nil, 3, nil)))
print(select("#", g()))
