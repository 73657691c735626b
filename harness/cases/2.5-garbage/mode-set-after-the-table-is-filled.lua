-- lua: 5.1-5.5

local mt = {}
local t = setmetatable({{}, {}}, mt)
collectgarbage()
print(#t)
mt.__mode = "v"
collectgarbage()
print(t[1], t[2])
mt.__mode = nil
t[1] = {}
collectgarbage()
print(type(t[1]))
mt.__mode = 5
print(pcall(collectgarbage) , type(t[1]))
