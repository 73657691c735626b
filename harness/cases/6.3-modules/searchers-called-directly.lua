-- lua: 5.1-5.5
-- files: yes

local list = package.searchers or package.loaders
local f = assert(io.open("files/m.lua", "w")) f:write("return 'm'") f:close()
package.path, package.cpath = "files/?.lua", "files/?.so"
package.preload.p = function () return "p" end
print(type(list[1]("p")), list[1]("none"))
local loader, where = list[2]("m")
print(type(loader), where, loader())
print(list[2]("none"))
print(list[3]("none"))
print(list[4]("none"), list[4]("none.sub"))
print(pcall(list[1]))
print(pcall(list[2], {}))
