-- lua: 5.1-5.5

local t = setmetatable({"a", "b"}, {__ipairs = function(t) return function(_, i) if i < 3 then return i + 1, "from __ipairs" end end, t, 0 end})
for i, v in ipairs(t) do print(i, v) end
