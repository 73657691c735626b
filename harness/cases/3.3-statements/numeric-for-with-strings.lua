-- lua: 5.1-5.5

-- Strings that look like numbers: taken before 5.4, refused after.
print(pcall(function() local t = {} for i = "1", "3" do t[#t + 1] = tostring(i) .. (math.type and math.type(i) or "") end return table.concat(t, " ") end))
print(pcall(function() local t = {} for i = 1, "2.5", "0.5" do t[#t + 1] = tostring(i) end return table.concat(t, " ") end))
print(pcall(function() for i = 1, "x" do end end))
print(pcall(function() for i = 1, 2, "" do end end))
