-- lua: 5.1-5.5

local function fail() error("", 0) end
fail()
