-- lua: 5.1-5.5

local function fail() error("before\0after", 0) end
fail()
