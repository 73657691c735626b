-- lua: 5.1-5.5
-- files: yes

local f = assert(io.open("files/fails.lua", "w")) f:write("local function g() error('in the module') end\ng()") f:close()
package.path = "files/?.lua"
print(pcall(require, "fails"))
print(package.loaded.fails)
print(pcall(require, "fails"))
package.preload.object = function () error({code = 1}) end
local ok, e = pcall(require, "object")
print(ok, type(e), e.code)
package.preload.none = function () error() end
print(pcall(require, "none"))
