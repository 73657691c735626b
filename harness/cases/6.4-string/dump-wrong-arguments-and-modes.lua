-- lua: 5.1-5.5

print(pcall(string.dump))
print(pcall(string.dump, nil))
print(pcall(string.dump, "x"))
print(pcall(string.dump, print))
print(pcall(string.dump, setmetatable({}, {__call = function () end})))
local load = loadstring or load
local code = string.dump(function () return 1 end)
print(pcall(load, code, "c", "t"))
print(pcall(load, "return 1", "c", "b") == true)
print(load(code:sub(1, 1)) == nil, load(code:sub(1, 10)) == nil, load(code:sub(1, -2)) == nil)
print(select(2, load("\27Lua")) ~= nil, select("#", load("\27")))
