-- lua: 5.2-5.5

if warn then warn("@off") end
local mt = {}
local t = setmetatable({}, mt)
mt.__gc = function() print("never called") end
t = nil
collectgarbage()
local mt2 = {__gc = true}
setmetatable({}, mt2)
mt2.__gc = function() print("called: it was marked") end
collectgarbage()
local u = setmetatable({}, mt)
setmetatable(u, {})
u = nil
collectgarbage()
setmetatable({}, {__gc = 42})
setmetatable({}, {__gc = {}})
setmetatable({}, {__gc = "not a function"})
print(pcall(collectgarbage))
