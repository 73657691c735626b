-- lua: 5.1-5.5

local compile = loadstring or load
local body = ("x = x + 1 "):rep(3000)
local f = assert(compile("local x, n = 0, 0 while x < 9000 do " .. body .. " n = n + 1 if x < 0 then break end end return x, n"))
print(f())
local g = assert(compile("local x = 0 for i = 1, 2 do if i == 3 then " .. body .. " else x = x - 1 end end return x"))
print(g())
