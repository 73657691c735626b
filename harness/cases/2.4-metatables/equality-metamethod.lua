-- lua: 5.1-5.5

local calls = 0
local function eq(a, b) calls = calls + 1; return a.id == b.id end
local mt = {__eq = eq}
local a, b, c = setmetatable({id = 1}, mt), setmetatable({id = 1}, mt), setmetatable({id = 2}, mt)
print(a == b, a == c, a ~= b, a ~= c, calls)
print(a == a, calls, rawequal(a, b))
local other = setmetatable({id = 1}, {__eq = eq})
print(a == other, calls)
local different = setmetatable({id = 1}, {__eq = function() return true end})
print(a == different, different == a, calls)
print(a == {id = 1}, {id = 1} == a, calls)
print(a == 1, a == "x", a == nil, calls)
local t = {[a] = "found"}
print(t[a], t[b])
