-- lua: 5.1-5.5

print(#"", #"abc", #"a\0b", #{}, #{1, 2, 3}, #{n = 1}, #{nil})
local t = {1, 2, 3}
t[#t + 1] = 4
print(#t)
t[#t] = nil
print(#t, t[4])
print(pcall(function() local n; return #n end))
print(pcall(function() return #5 end))
print(pcall(function() return #print end))
print(#{(function() return 1, 2, 3 end)()}, #{(function() return 1, 2, 3 end)(), 10})
