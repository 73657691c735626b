-- lua: 5.1-5.5

-- __index and __len are respected from 5.3 on only
local log = {}
local t = setmetatable({}, {
  __index = function(_, k) log[#log + 1] = tostring(k); return "v" .. tostring(k) end,
  __len = function() return 3 end,
})
print(pcall(table.concat, t, ","))
print("asked for " .. table.concat(log, " "))
log = {}
print(pcall(table.concat, t, ",", 2, 4))
print("asked for " .. table.concat(log, " "))
local bad = setmetatable({"x"}, {__len = function() return "many" end})
print(pcall(table.concat, bad))
local frac = setmetatable({"x"}, {__len = function() return 1.5 end})
print(pcall(table.concat, frac))
local raising = setmetatable({}, {__len = function() error("no length") end})
print(pcall(table.concat, raising))
