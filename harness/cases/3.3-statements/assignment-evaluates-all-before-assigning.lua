-- lua: 5.1-5.5

-- The order of assignments is undefined, but it is the same code.
local log = {}
local function note(x) log[#log + 1] = tostring(x) return x end
local t = setmetatable({}, {__newindex = function(t, k, v) note(k .. "=" .. tostring(v)) rawset(t, k, v) end})
t[note("a")], t[note("b")], t[note("c")] = note(1), note(2), note(3)
print(table.concat(log, " "))
log = {}
t.a, t.a, t.a = nil
t.x, t.x = 1, 2
print(t.x, table.concat(log, " "))
local v, v2
v, v, v2 = 1, 2, 3
print(v, v2)
