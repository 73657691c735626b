-- lua: 5.1-5.5

local function fail() error(42.5) end
print(pcall(fail))
fail()
