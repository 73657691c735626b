-- lua: 5.1-5.5

local events = {}
debug.sethook(function(event) local i = debug.getinfo(2, "nS"); events[#events + 1] = event .. " " .. i.what .. " " .. tostring(i.name) end, "cr")
pcall(error, "x")
local ok = pcall(function() error("y") end)
debug.sethook()
for i, e in ipairs(events) do print(i, e) end
