-- lua: 5.4-5.5

local a <close> = setmetatable({}, {__close = function(_, e) print("closing a", e) end})
local b <close> = setmetatable({}, {__close = function() error("at the end of the chunk") end})
print "last line"
