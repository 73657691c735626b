-- lua: 5.1-5.5

local function fail() error("bytes \255\128\195 end", 0) end
fail()
