-- lua: 5.1-5.5

error(setmetatable({}, {__tostring = function() return 42 end}))
