-- lua: 5.1-5.5

local E = setmetatable({}, {__tostring = function() return "an error object" end})
local f = coroutine.wrap(function() error(E) end)
local function g() f() end
g()
