-- lua: 5.1-5.5

local compile = loadstring or load
local t = {"local fs = {}"}
for i = 1, 400 do t[#t + 1] = "fs[" .. i .. "] = function(x) return x + " .. i .. " end" .. ("\n"):rep(i % 7) end
t[#t + 1] = "return fs"
local fs = assert(compile(table.concat(t, "\n"), "=x"))()
local sum = 0
for i = 1, 400 do sum = sum + fs[i](1) end
print(sum, debug.getinfo(fs[1], "S").linedefined, debug.getinfo(fs[400], "S").linedefined)
print(pcall(fs[300], {}))
