-- lua: 5.2-5.5

local function fail() error(setmetatable({}, {__tostring = function() return {} end})) end
print(type(select(2, pcall(fail))))
fail()
