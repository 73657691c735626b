-- lua: 5.1-5.5

local bad = setmetatable({}, {__tostring = function() error("cannot be shown") end})
local wrong = setmetatable({}, {__tostring = function() return 5 end})
local named = setmetatable({}, {__name = "My.Type"})
print(pcall(tostring, wrong))
print((tostring(named):gsub("0x%x+", "ADDR")))
print(pcall(function() return named + 1 end))
print(pcall(function() return #named < named end))
print(pcall(string.rep, named))
local function show(x) print("before", x) end
show(1)
show(bad)
