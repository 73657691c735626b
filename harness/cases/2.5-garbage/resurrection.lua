-- lua: 5.2-5.5

local saved
local mt = {__gc = function(o) print("finalized", o.n); saved = o end}
setmetatable({n = 1, child = {2}}, mt)
collectgarbage()
print(saved.n, saved.child[1], getmetatable(saved) == mt)
saved = nil
collectgarbage()
print("not finalized twice")
local again = {__gc = function(o) print("finalized", o.n); o.n = o.n + 1; if o.n < 4 then setmetatable(o, getmetatable(o)) end end}
setmetatable({n = 1}, again)
for _ = 1, 5 do collectgarbage() end
