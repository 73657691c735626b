-- lua: 5.1-5.5

local store = {3, 1, 2}
local gets, sets = 0, 0
local t = setmetatable({}, {
  __index = function(_, k) gets = gets + 1; return store[k] end,
  __newindex = function(_, k, v) sets = sets + 1; store[k] = v end,
  __len = function() return 3 end,
})
print(pcall(table.sort, t))
print(gets, sets, table.concat(store, " "))
local text = setmetatable({2, 1}, {__len = function() return "2" end})
print(pcall(table.sort, text))
print(rawget(text, 1), rawget(text, 2))
