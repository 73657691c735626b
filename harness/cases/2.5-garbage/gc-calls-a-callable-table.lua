-- lua: 5.4-5.5

local callable = setmetatable({}, {__call = function(self, o) print("called as a finalizer", o.n) end})
setmetatable({n = 1}, {__gc = callable})
collectgarbage()
print("end")
