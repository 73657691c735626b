-- lua: 5.1-5.5

local asked = {}
local t = setmetatable({}, {__index = function(_, k)
  asked[#asked + 1] = k
  return ({year = 2000, month = 1, day = 1, hour = 0})[k]
end})
print(pcall(os.time, t))
table.sort(asked)
print(table.concat(asked, " "))
print(pcall(os.time, setmetatable({}, {__index = function(_, k) error("no " .. k, 0) end})) == false)
print(pcall(os.time, os.date("*t", 86400)))
print(pcall(os.time, os.date("!*t", 1e9)))
