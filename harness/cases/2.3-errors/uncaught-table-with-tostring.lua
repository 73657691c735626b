-- lua: 5.1-5.5

local E = {__tostring = function(e) return "custom error: " .. e.text end}
local function fail(text) error(setmetatable({text = text}, E)) end
fail("disk full")
