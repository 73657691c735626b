-- lua: 5.1-5.5

print "never printed"
local function f()
  return 1 +
end
