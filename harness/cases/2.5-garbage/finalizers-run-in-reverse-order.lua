-- lua: 5.2-5.5

collectgarbage("stop")
local mt = {__gc = function(o) print("finalize", o.n) end}
for n = 1, 5 do setmetatable({n = n}, mt) end
collectgarbage()
print("--")
local kept = setmetatable({n = "kept"}, mt)
collectgarbage()
print("end")
