-- lua: 5.1-5.5

debug = nil
local function fail() local x = nil + 1 end
print(pcall(fail))
fail()
