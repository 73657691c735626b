-- lua: 5.1-5.5

local mt = {}
mt.__concat = function(a, b)
  local x = type(a) == "table" and a.s or a
  local y = type(b) == "table" and b.s or b
  return setmetatable({s = "(" .. tostring(x) .. tostring(y) .. ")"}, mt)
end
local t = setmetatable({s = "t"}, mt)
print((t .. "a" .. "b").s, ("a" .. t .. "b").s, ("a" .. "b" .. t).s, (1 .. t .. 2).s, (t .. t .. t).s)
print((t .. nil).s, (true .. t).s)
print(pcall(function() return "a" .. {} end))
print(pcall(function() return "a" .. "b" .. nil end))
print(pcall(function() return nil .. "a" .. "b" end))
