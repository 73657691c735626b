-- lua: 5.1-5.5

local t = setmetatable({10, 20}, {__ipairs = function(t)
  return function(_, i) if i < 2 then return i + 1, "other " .. i + 1 end end, t, 0
end})
for i, v in ipairs(t) do print(i, v) end
print(pcall(ipairs, setmetatable({}, {__ipairs = function() return 1, 2, 3, 4 end})))
