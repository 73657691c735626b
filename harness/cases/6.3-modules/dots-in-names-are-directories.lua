-- lua: 5.1-5.5
-- files: yes

local function write(name, text) local f = assert(io.open(name, "w")) f:write(text) f:close() end
write("files/a_b.lua", "return 'underscore ' .. ...")
write("files/m-v2.lua", "return 'hyphen ' .. ...")
package.path = "files/?.lua"
package.cpath = ""
print(require "a_b")
print(pcall(require, "a.b"))
print(require "m-v2")
package.path = "files/?_b.lua;?;files/x?y?z"
print(require "a")
print(pcall(require, "no.such-mod"))
