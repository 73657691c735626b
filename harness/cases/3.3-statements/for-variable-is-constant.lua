-- lua: 5.5

print(load("for i = 1, 3 do i = i * 10 end", "=x"))
print(load("for k, v in pairs{} do k = nil end", "=x"))
print(load("for k, v in pairs{} do v = 1 end return 'only the first'", "=x"))
print(load("for i = 1, 3 do local function f() i = 2 end end", "=x"))
for i = 1, 2 do local i = i * 10 i = i + 1 print(i) end
for k, v in ipairs{"a", "b"} do v = v .. k print(k, v) end
