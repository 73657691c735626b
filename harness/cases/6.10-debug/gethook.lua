-- lua: 5.1-5.5

print(debug.gethook())
local function hook() end
debug.sethook(hook, "crl", 7)
local f, mask, count = debug.gethook()
debug.sethook()
print(f == hook, mask, count)
debug.sethook(hook, "l")
f, mask, count = debug.gethook()
debug.sethook()
print(f == hook, mask, count)
debug.sethook(hook, "")
print(debug.gethook())
debug.sethook(hook, "xyz", 0)
print(debug.gethook())
debug.sethook(nil, "crl", 5)
print(debug.gethook())
