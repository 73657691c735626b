-- lua: 5.1-5.5

local mt = {}
mt.__index = function(t, k) error("no field " .. k) end
mt.__add = function(a, b) return a.missing end
mt.__call = function(self) local r = self + 1 return r end
mt.__concat = function(a, b) local r = a() return r end
local t = setmetatable({}, mt)
local r = t .. "x"
