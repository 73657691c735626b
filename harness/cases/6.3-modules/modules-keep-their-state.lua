-- lua: 5.1-5.5
-- files: yes

local f = assert(io.open("files/counter.lua", "w"))
f:write("local n = 0\nlocal M = {}\nfunction M.next() n = n + 1 return n end\nglobal_of_counter = true\nreturn M")
f:close()
package.path = "files/?.lua"
local a, b = require "counter", require "counter"
print(a.next(), b.next(), a == b, global_of_counter)
local copy = dofile("files/counter.lua")
print(copy.next(), a.next(), copy == a)
package.loaded.counter = nil
print(require "counter".next(), a.next())
local info = debug.getinfo(a.next, "S")
print(info.source, info.short_src, info.what, info.linedefined)
