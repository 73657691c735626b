-- lua: 5.1-5.5

local function inner()
  undefinedFunction(1, 2)
end
local function middle()
  inner()
  return 1
end
function outer()
  local ok = middle()
  return ok
end
print "start"
outer()
