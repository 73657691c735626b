-- lua: 5.2-5.5

local function f() os.exit(false) end
print(pcall(os.exit, {}))
print(pcall(os.exit, "x"))
f()
