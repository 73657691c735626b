-- lua: 5.1-5.5

-- how many C functions can call one another
local n = 0
local function gsub() n = n + 1; return (("x"):gsub("x", gsub)) end
local ok, e = pcall(gsub)
print(ok, n)
n = 0
local t = setmetatable({}, {__index = function(t, k) n = n + 1; return t[k + 1] end})
ok = pcall(function() return t[1] end)
print(ok, n < 20000)
