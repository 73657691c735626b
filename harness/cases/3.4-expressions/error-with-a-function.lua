-- lua: 5.1-5.5

local function fail() error(print, 2) end
print(select(2, pcall(fail)) == print)
fail()
