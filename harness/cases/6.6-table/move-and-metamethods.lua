-- lua: 5.3-5.5

local log = {}
local from = setmetatable({}, {__index = function(_, k) log[#log + 1] = "get " .. k; return k * 10 end})
local to = setmetatable({}, {__newindex = function(t, k, v) log[#log + 1] = "set " .. k; rawset(t, k, v) end})
table.move(from, 1, 3, 2, to)
print(table.concat(log, " "))
print(to[1], to[2], to[3], to[4])
log = {}
local both = setmetatable({}, {__index = getmetatable(from).__index, __newindex = function(_, k, v) log[#log + 1] = "set " .. k .. "=" .. v end})
table.move(both, 1, 3, 2)
print(table.concat(log, " "))
local stop = setmetatable({}, {__newindex = function(_, k) if k == 3 then error("stopped at 3") end end})
print(pcall(table.move, {1, 2, 3, 4}, 1, 4, 1, stop))
