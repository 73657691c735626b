-- lua: 5.1-5.5

local function readonly(t)
  return setmetatable({}, {
    __index = t,
    __newindex = function(_, k) error("attempt to update read-only field '" .. tostring(k) .. "'", 2) end,
    __len = function() return #t end,
    __metatable = "locked",
  })
end
local days = readonly {"Sunday", "Monday"}
print(days[1], days[3], getmetatable(days), #days)
print(pcall(setmetatable, days, {}))
print(pcall(function() days[3] = "x" end))
print(pcall(rawset, days, 3, "raw"))
local function change() days[1] = "changed" end
change()
