-- lua: 5.1-5.5

local t = setmetatable({}, {__call = function(self, ...) return type(self), select("#", ...), ... end})
print(t())
print(t(1, nil, nil))
print(pcall(t, "a"))
print((t("x")))
local function tail(...) return t(...) end
print(tail("in a tail call"))
for kind, n in setmetatable({}, {__call = function(_, s, i) if i < 3 then return i + 1, s end end}), "state", 0 do print(kind, n) end
print(select(2, pcall(setmetatable({}, {__call = 5}))))
print(select(2, pcall(setmetatable({}, {__call = {}}))))
print(string.gsub("abc", "%w", setmetatable({}, {__index = function(_, k) return k:upper() .. "." end})))
