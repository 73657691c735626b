-- lua: 5.2-5.5

local mt = {__gc = function(o) print("closing", o.n, type(print), type(_G)) end}
for n = 1, 3 do _G["keep" .. n] = setmetatable({n = n}, mt) end
print("script ends")
