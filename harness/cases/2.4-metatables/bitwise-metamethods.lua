-- lua: 5.3-5.5

local mt = {}
local function name(v) return type(v) == "table" and "T" or tostring(v) end
for _, event in ipairs {"band", "bor", "bxor", "shl", "shr"} do
  mt["__" .. event] = function(a, b) return event .. "(" .. name(a) .. "," .. name(b) .. ")" end
end
mt.__bnot = function(a, b) return "bnot(" .. name(a) .. "," .. name(b) .. ")" end
local t = setmetatable({}, mt)
print(t & 1, 1 & t, t | 2, 2 | t, t ~ 3, 3 ~ t, t << 4, 4 << t, t >> 5, 5 >> t, ~t)
print(t & 1.5, 1.5 | t, "a" & t, t ~ "5", nil | t, t << {})
print(pcall(function() return {} & 1 end))
print(pcall(function() return 1 | {} end))
print(pcall(function() return ~{} end))
print(pcall(function() return 1.5 ~ 1 end))
print(pcall(function() return nil << 1 end))
print(pcall(function() return "x" >> 1 end))
