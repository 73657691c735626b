-- lua: 5.1-5.5

collectgarbage("stop")
local cache = setmetatable({}, {__mode = "v"})
cache[1], cache[2], cache.x, cache.s, cache.n, cache.f = {}, "string", {}, "s" .. tostring(1), 42, function() end
local kept = {}
cache.kept = kept
collectgarbage()
local names = {}
for k in pairs(cache) do names[#names + 1] = tostring(k) end
table.sort(names)
print(table.concat(names, " "))
print(cache[1], cache.x, cache.s, cache.n, cache.kept == kept, getmetatable(cache).__mode)
