-- lua: 5.1-5.5

print(pcall(error))
local function fail() error() end
fail()
