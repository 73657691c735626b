-- lua: 5.1-5.5

local log = {}
local store = {"a", "b"}
local t = setmetatable({}, {
  __index = function(_, k) log[#log + 1] = "get " .. tostring(k); return store[k] end,
  __newindex = function(_, k, v) log[#log + 1] = "set " .. tostring(k) .. "=" .. tostring(v); store[k] = v end,
  __len = function() log[#log + 1] = "len"; return #store end,
})
print(pcall(table.insert, t, "c"))
print(pcall(table.insert, t, 1, "z"))
print(table.concat(log, "; "))
print("store", table.concat(store, " "))
print("raw", rawget(t, 1), rawget(t, 2), rawget(t, 3))
