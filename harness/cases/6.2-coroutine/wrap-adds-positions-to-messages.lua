-- lua: 5.1-5.5

local function make(v) return coroutine.wrap(function() error(v, 0) end) end
local function call(f) local r = f() return r end
print(pcall(call, make("text")))
print(pcall(call, make(5)))
print(pcall(call, make(nil)))
print(pcall(call, make(true)))
print(pcall(make("direct")))
local function runtime() local x = nil; return x.y end
print(pcall(call, coroutine.wrap(runtime)))
print(pcall(call, coroutine.wrap(function() local r = call(make("twice")) return r end)))
