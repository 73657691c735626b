-- lua: 5.1-5.5
-- files: yes

local f = assert(io.open("files/c.so", "w")) f:write("text") f:close()
package.path, package.cpath = "", "./files/?.so"
print(pcall(require, "c"))
