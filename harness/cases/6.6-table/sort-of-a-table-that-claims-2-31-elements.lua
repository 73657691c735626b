-- lua: 5.1-5.5

-- A known difference. Natively 5.2 wraps the length to an int below zero.
print(pcall(table.sort, setmetatable({}, {__len = function() return 2^31 end})))
