-- lua: 5.1-5.5

local function fail() error("text\nstack traceback:\n\tnot: a real one", 0) end
print(pcall(fail))
fail()
