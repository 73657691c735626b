-- lua: 5.1-5.5

local function fail() error(-7, 0) end
print(pcall(fail))
fail()
