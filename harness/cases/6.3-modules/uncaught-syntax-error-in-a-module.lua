-- lua: 5.1-5.5
-- files: yes

local f = assert(io.open("files/bad.lua", "w")) f:write("return {\n  1,\n  = 2\n}") f:close()
package.path = "files/?.lua"
local function use(name) local m = require(name) return m end
use("bad")
