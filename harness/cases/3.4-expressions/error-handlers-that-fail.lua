-- lua: 5.1-5.5

print(xpcall(function() error("first") end, function(m) error("second") end))
print(xpcall(function() error("first") end, error))
local depth = 0
print(xpcall(function() error("first") end, function(m) depth = depth + 1 if depth < 5 then error("again " .. depth) end return "at last " .. depth end))
print(xpcall(function() local x = nil + 1 end, function(m) return m:upper(), "second result" end))
print(xpcall(function() return "fine", 2 end, print))
print(pcall(xpcall, function() error("e") end))
print(pcall(xpcall))
print(pcall(xpcall, function() error("e", 0) end, 5))
print(select("#", xpcall(error, function() return nil end)))
