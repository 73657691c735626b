-- lua: 5.1-5.5

print(#"", #"abc", #"a\0b", #"\195\169", #{}, #{1, 2, 3}, #{n = 1}, #{1, 2, nil}, #{nil}, #{[1] = 1, [2] = 2})
local t = {} for i = 1, 100 do t[i] = i end print(#t) t[100] = nil print(#t) for i = 99, 51, -1 do t[i] = nil end print(#t)
t[#t + 1] = "new" print(#t, t[#t])
print(pcall(function() return #5 end))
print(pcall(function() return #nil end))
print(pcall(function() return #print end))
print(pcall(function() local t = {} return #t.x end))
print(pcall(function() return #undefined end))
print(#setmetatable({1, 2}, {__len = function() return "from metatable" end}))
print(-#"abc", #"abc" + 1, not #"", #"a" .. "b", 2^#"ab")
