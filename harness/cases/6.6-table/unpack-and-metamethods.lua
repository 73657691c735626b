-- lua: 5.1-5.5

local unpack = table.unpack or unpack
local t = setmetatable({"raw"}, {
  __index = function(_, k) return "index" .. k end,
  __len = function() return 3 end,
})
print(unpack(t))
print(unpack(t, 1, 2))
print(pcall(unpack, setmetatable({}, {__index = function(_, k) error("at " .. k) end}), 1, 2))
print(pcall(unpack, setmetatable({}, {__len = function() return {} end})))
print(pcall(unpack, io.stdout, 1, 1))
