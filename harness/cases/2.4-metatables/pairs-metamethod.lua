-- lua: 5.1-5.5

local t = setmetatable({real = 1}, {__pairs = function(t)
  local i = 0
  return function(state, k) i = i + 1; if i <= 3 then return i, state .. i end end, "state", nil
end})
for k, v in pairs(t) do print(k, v) end
print(select("#", pairs(setmetatable({}, {__pairs = function() end}))))
print(select("#", pairs(setmetatable({}, {__pairs = function() return 1, 2, 3, 4, 5 end}))))
print(pcall(pairs, setmetatable({}, {__pairs = 5})))
print(pcall(pairs, setmetatable({}, {__pairs = function() error("no pairs", 0) end})))
print(pcall(pairs))
print((pcall(pairs, 5)))
