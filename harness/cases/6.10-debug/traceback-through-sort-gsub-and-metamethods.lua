-- lua: 5.1-5.5

local function show() print((debug.traceback("here", 2))) end
local t = setmetatable({}, {__lt = function() show() return false end, __concat = function() show() return "" end,
  __len = function() show() return 0 end, __eq = function() show() return true end})
table.sort({t, t}, function(a, b) local r = a < b return r end)
local s = t .. ""
local e = t == setmetatable({}, getmetatable(t))
local f = (loadstring or load)("local show = ... show() return 1", "=chunk")
local one = f(show)
local g = function(...) local r = f(...) return r end
pcall(g, show)
