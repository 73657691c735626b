-- lua: 5.1-5.5

print(pcall(coroutine.yield, 1))
print(pcall(function() return coroutine.yield(1) end))
local t = setmetatable({}, {__index = coroutine.yield})
print(pcall(function() return t.x end))
local function f() local x = coroutine.yield("no one waits") return x end
f()
