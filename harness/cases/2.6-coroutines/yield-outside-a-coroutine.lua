-- lua: 5.1-5.5

print(pcall(coroutine.yield, 1))
print(pcall(coroutine.yield))
print(pcall(function() local x = coroutine.yield(1) end))
local t = setmetatable({}, {__index = coroutine.yield})
print(pcall(function() return t.x end))
print(coroutine.resume(coroutine.create(function() return pcall(coroutine.yield, "inside is fine") end)))
local function f() coroutine.yield("uncaught") end
f()
