-- lua: 5.4-5.5

local f = function(...) return select("#", ...), (select("#", ...) > 1) end
local t = f
for _ = 1, 10 do t = setmetatable({}, {__call = t}) end
print(t("x"))
for _ = 1, 1000 do t = setmetatable({}, {__call = t}) end
local ok, e = pcall(t)
print(ok, type(e))
print(pcall(setmetatable({}, {__call = setmetatable({}, {__call = function(self, inner, x) return type(self), type(inner), x end})}), "arg"))
