-- lua: 5.4-5.5

local a <close> = setmetatable({}, {__close = function(_, e) print("a", e) end})
local b <close> = setmetatable({}, {__close = function() error("in b", 0) end})
local c <close> = setmetatable({}, {__close = function(_, e) print("c", e) end})
os.exit(24, true)
