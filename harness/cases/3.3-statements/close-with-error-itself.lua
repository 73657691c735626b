-- lua: 5.4-5.5

-- The function `error` as __close, in every way to leave a block.
local mt = {__close = function(_, e) print("closing with", e) error("from close", 0) end}
local function new() return setmetatable({}, mt) end
print(pcall(function() do local x <close> = new() end return "never" end))
print(pcall(function() local x <close> = new() return "lost" end))
print(pcall(function() for i = 1, 2 do local x <close> = new() break end end))
print(pcall(function() for i = 1, 2 do local x <close> = new() goto out end ::out:: end))
print(pcall(function() for k in next, {1}, nil, new() do end end))
print(pcall(function() local x <close> = new() local y <close> = new() error("body", 0) end))
mt.__close = error
print(pcall(function() local x <close> = new() end))
print(select("#", pcall(function() local x <close> = new() error("body") end)))
local co = coroutine.wrap(function() local x <close> = new() coroutine.yield(1) end)
print(co(), select("#", pcall(co)))
mt.__close = coroutine.yield
co = coroutine.wrap(function() local x <close> = new() return "end" end)
print(type(co()), co())
