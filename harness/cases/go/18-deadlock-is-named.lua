-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

local function tail(text) return (tostring(text):gsub("^.-:%d+: ", "")) end

local ok, e = pcall(go.never)
print(ok, tail(e))
ok, e = pcall(go.add, 1, 2)
print(ok, ok and e or tail(e))

-- Tasks of Lua that wait for each other.
local first, second
first = luago.spawn(function() return second:await() end)
second = luago.spawn(function() return first:await() end)
ok, e = pcall(first.await, first)
print(ok, tail(e))
print(first:cancel(), second:cancel(), first:status(), second:status())
