-- lua: 5.1-5.5
-- files: yes

local f = assert(io.open("files/quits.lua", "w")) f:write("print('leaving', ...) os.exit(5)") f:close()
package.path = "files/?.lua"
print(pcall(require, "quits"))
