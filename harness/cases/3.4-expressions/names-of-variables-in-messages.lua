-- lua: 5.1-5.5

local up = {}
local t = {a = {}}
local function check(f, ...) print(select(2, pcall(f, ...))) end
check(function(param) return param.x end)
check(function() local loc; return loc.x end)
check(function() return up.field.x end)
check(function() return up.a.b.c end)
check(function() return glob.x end)
check(function() return t["a"]["b"]["c"] end)
check(function() return t[1][2] end)
check(function() local k = "key" return t[k].x end)
check(function() return (t.a.b or t.c).d end)
check(function() return (up.x + 1) end)
check(function() local a = {} return a.n + 1 end)
check(function() return 1 + up.n.m end)
check(function() return t.a.b:method() end)
check(function() return t:method() end)
check(function() return string.nope() end)
check(function() local s = "str" return s:nope() end)
check(function() return up() end)
check(function() return #glob end)
check(function() return -glob end)
check(function() return glob .. "x" end)
check(function() t.x.y = 1 end)
check(function() glob.y = 1 end)
check(function() up[1][2] = 1 end)
check(function(...) local a = ... return a.b end)
