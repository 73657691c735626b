-- lua: 5.1-5.5
-- files: yes

local f = assert(io.open("files/m.lua", "w")); f:write("print('loading', ...) return {name = (...)}"); f:close()
package.path = "files/?.lua"
local m = require "m"
print(m.name, require "m" == m, package.loaded.m == m)
package.loaded.m = nil
print(require("m") == m)
package.preload.p = function(...) print("preload", ...) return "value of p" end
print((require "p"), require "p" == "value of p")
package.cpath = ""
print(pcall(require, "missing.module"))
print(pcall(require))
print(pcall(require, {}))
print(require "string" == string, require "_G" == _G)
