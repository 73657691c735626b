-- lua: 5.1-5.5

local unpack, pad = table.unpack or unpack, {}
if _VERSION ~= "Lua 5.1" then for i = 1, 150 do pad[i] = i end end
local function forever(...) return 1 + forever(...) end
local ok, e = pcall(forever, unpack(pad))
print(ok, type(e), e:find("stack overflow", 1, true) ~= nil, e:match("^[^:]+:%d+:"))
local ok, e = pcall(forever, unpack(pad))
print(ok, e:find("stack overflow", 1, true) ~= nil)
local ok, e = xpcall(function() return 1 + forever(unpack(pad)) end, function(m) return "handled: " .. tostring(m:find("stack overflow", 1, true) ~= nil) end)
print(ok, type(e))
print(pcall(error, "still fine", 0))
