-- lua: 5.1-5.5

local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end
print(f(100))
local g = function(n) if n == 0 then return 0 end return 1 + g(n - 1) end
print(pcall(g, 0)) print(pcall(g, 1))
local h
local function k(n) return n == 0 and "k" or h(n - 1) end
function h(n) return n == 0 and "h" or k(n - 1) end
print(k(10), k(11))
do local f = function(n) return f(n) end print(f(5)) end
