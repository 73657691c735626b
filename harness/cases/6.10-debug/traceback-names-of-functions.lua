-- lua: 5.1-5.5

local function show() print((debug.traceback())) end
function globalname() show() end
local t = {}
function t.field() globalname() end
function t:method() t.field() end
t[1] = function() t:method() end
local m = setmetatable({}, {__index = function() t[1]() end, __add = function() local x = ({}) and t.m.x return x end})
t.m = m
local x = m + 1
string.gsub("x", "x", function() show() end)
pcall(show)
