-- lua: 5.1-5.5

local function fail() error(setmetatable({}, {__name = "My.Error"})) end
print(type(select(2, pcall(fail))))
fail()
