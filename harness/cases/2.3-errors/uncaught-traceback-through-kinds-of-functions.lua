-- lua: 5.1-5.5

local t = {}
function t.field() error("here") end
function t:method() self.field() return 1 end
function globalfunction() t:method() return 1 end
local up = function() globalfunction() return 1 end
local function tail() return up() end
local function callback() tail() return 1 end
table.sort({2, 1}, function(a, b) callback() return a < b end)
