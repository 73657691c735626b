-- lua: 5.1-5.5

local E = {__tostring = function(e) return "error object: " .. e.text end}
local function fail(text) error(setmetatable({text = text}, E)) end
print(select(2, pcall(fail, "caught")))
local function run() fail("uncaught") end
run()
