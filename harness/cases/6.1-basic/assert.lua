-- lua: 5.1-5.5

print(assert(1, "m", nil, 3))
print(assert("false"), assert(0), assert({}) ~= nil)
print(pcall(assert, false))
print(pcall(assert, nil, "message"))
print(pcall(assert, false, nil))
print(pcall(assert, nil, 42))
print(pcall(assert))
print(select("#", assert(true, nil, nil)))
local t = {}
local ok, e = pcall(assert, false, t)
print(ok, e == t, type(e))
print(pcall(assert, false, "several", "messages"))
print(pcall(assert, io.open("does/not/exist") , "no file") == true)
