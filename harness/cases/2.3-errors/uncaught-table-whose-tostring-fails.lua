-- lua: 5.1-5.5

error(setmetatable({}, {__tostring = function() error("in __tostring") end}))
