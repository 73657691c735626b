-- lua: 5.4-5.5

local a <close> = setmetatable({}, {__close = function() print "closed" end})
b = setmetatable({}, {__gc = function() print "collected" end})
print "exit now"
os.exit(7, true)
