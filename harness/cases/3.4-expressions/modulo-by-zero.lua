-- lua: 5.1-5.5

local function show(f) local ok, r = pcall(f) print(ok, r ~= r and "nan" or r) end
local zero, one = 0, 1
show(function() return one % zero end)
show(function() return 1 % 0 end)
show(function() return one % 0.0 end)
show(function() return one % -0.0 end)
show(function() return 0.0 % zero end)
show(function() return (1/0) % one end)
show(function() return (0/0) % 1 end)
