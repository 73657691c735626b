-- lua: 5.1-5.5

local function fail() error("one\r\ntwo\n\tthree \27[0m \1\n", 0) end
fail()
