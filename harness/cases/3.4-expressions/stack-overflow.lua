-- lua: 5.1-5.5

local function forever(n) return 1 + forever(n + 1) end
local ok, message = pcall(forever, 1)
print(ok, (message:gsub("stack traceback.*", ""):gsub("%s+$", "")))
local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end})
local ok, message = pcall(function() return t[1] end)
print(ok, (tostring(message):gsub("\n.*", "")))
