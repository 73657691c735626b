-- lua: 5.2-5.5

local t = {"local n = 0 ::l0:: do goto l1 end"}
for i = 1, 150 do t[#t + 1] = "::l" .. i .. ":: n = n + 1 do goto l" .. i + 1 .. " end" end
t[#t + 1] = "::l151:: return n"
print(load(table.concat(t, "\n"))())
print(load(("do ::a:: goto a end "):rep(5) ~= nil and ("do goto a ::a:: end "):rep(300) .. "return 'labels in blocks'")())
