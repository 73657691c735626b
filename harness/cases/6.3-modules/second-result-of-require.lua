-- lua: 5.4-5.5
-- files: yes

local f = assert(io.open("files/m.lua", "w")) f:write("return ...") f:close()
package.path = "./files/?.lua"
print(require "m")
print(require "m")
package.loaded.m = nil
print(require "m")
package.preload.p = function (...) return select("#", ...) .. table.concat({...}, ",") end
print(require "p")
table.insert(package.searchers, 2, function (name) if name == "s" then return function (...) return {...} end, {"loader data"} end end)
local s, data = require "s"
print(s[1], s[2] == data, data[1])
table.insert(package.searchers, 2, function (name) if name == "t" then return function (...) return select("#", ...) end end end)
print(require "t")
