-- lua: 5.1-5.5

local mt = {}
local function box(x) return setmetatable({x = x}, mt) end
local function show(v) return type(v) == "table" and "[" .. v.x .. "]" or tostring(v) end
mt.__concat = function(a, b) print("concat", show(a), show(b)) return box(show(a) .. show(b)) end
print(show(box "a" .. "b"))
print(show("a" .. box "b" .. "c"))
print(show("a" .. "b" .. "c" .. box "d"))
print(show(box "a" .. "b" .. "c" .. "d"))
print(show(1 .. box "b"))
print(show(box "a" .. nil))
