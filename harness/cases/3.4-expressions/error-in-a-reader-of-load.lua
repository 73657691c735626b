-- lua: 5.1-5.5

local n = 0
print(pcall(load, function() n = n + 1 if n == 3 then error("reader failed") end return "local x" .. n .. " = 1 " end))
print(pcall(load, function() error({}) end))
print(pcall(load, error))
local parts = {"return ", "1 ", "+ ", "2", nil}
local i = 0
print(load(function() i = i + 1 return parts[i] end)())
local once = 0
print(pcall(load, function() once = once + 1 if once == 1 then return 5 end end))
print(pcall(load, function() return {} end))
print(load(function() return nil end)())
print(coroutine.wrap(function() return pcall(load, coroutine.yield) end)())
