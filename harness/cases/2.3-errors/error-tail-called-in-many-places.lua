-- lua: 5.1-5.5

local function fail(m) return error(m, 0) end
local function protected() return pcall(fail, "a") end
print(protected())
print(pcall(function() return fail("b") end))
print(select(2, xpcall(function() return fail("c") end, function(m) return m .. " handled" end)))
print(pcall(function() for _ in fail, "d" do end end))
print(pcall(setmetatable({}, {__call = function(_, m) return error(m, 0) end}), "e"))
print(pcall(function() return setmetatable({}, {__index = function(_, k) return error(k, 0) end}).f end))
print(pcall(string.gsub, "x", "x", function() return error("g", 0) end))
local co = coroutine.wrap(function() coroutine.yield() return error("h", 0) end)
co()
print(pcall(co))
return error("end of the chunk", 0)
