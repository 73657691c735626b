-- lua: 5.1-5.5

local function fail() error(true) end
print(pcall(fail))
fail()
