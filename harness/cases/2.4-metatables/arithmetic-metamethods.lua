-- lua: 5.1-5.5

local mt = {}
local function name(v) return type(v) == "table" and "T" or tostring(v) end
for _, event in ipairs {"add", "sub", "mul", "div", "mod", "pow", "concat"} do
  mt["__" .. event] = function(a, b) return event .. "(" .. name(a) .. "," .. name(b) .. ")" end
end
mt.__unm = function(a, b) return "unm(" .. name(a) .. "," .. name(b) .. ")" end
local t = setmetatable({}, mt)
print(t + 1, 1 + t, t + t, t - 2, 2 - t, t * 3, t / 4, t % 5, t ^ 6, -t)
print(t .. "s", "s" .. t, t .. t, 1 .. t, t .. 1.5)
print("10" + t, t + "x", nil == t, t + nil, t - print == nil)
print("a" .. "b" .. t, "a" .. t .. "b", t .. "a" .. "b")
