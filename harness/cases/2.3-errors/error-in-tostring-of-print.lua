-- lua: 5.1-5.5

local bad = setmetatable({}, {__tostring = function() error("cannot say", 0) end})
print(pcall(print, "a", bad))
print(pcall(tostring, bad))
local odd = setmetatable({}, {__tostring = function() return 5 end})
print(pcall(tostring, odd))
print(pcall(print, odd))
local none = setmetatable({}, {__tostring = function() end})
print(pcall(tostring, none))
