-- lua: 5.1-5.5
-- files: yes

local function write(name, text) local f = assert(io.open(name, "w")) f:write(text) f:close() end
write("files/one.lua", "print('one gets', ...) return {n = 1}")
write("files/two.lua", "print('two gets', ...)")
write("files/bad.txt", "not used")
package.path = "files/?.txt;files/?.lua;files/?/init.lua"
print(require "one".n, require "one".n)
print(require "two", package.loaded.two)
print((select(2, require "one")))
package.loaded.one = nil
print(require "one".n, select("#", require "one"))
print(pcall(require, "bad") == false)
