-- lua: 5.1-5.5

local function fail(m, level) return error(m, level) end
print(pcall(fail, "one"))
print(pcall(fail, "zero", 0))
print(pcall(fail, "two", 2))
print(pcall(function() return fail("nested") end))
print(pcall(function() return (fail("not in the tail")) end))
print(pcall(function() return pcall(error, "inner") end))
print(select("#", pcall(fail)))
local function outer() return fail("uncaught in a tail call") end
outer()
