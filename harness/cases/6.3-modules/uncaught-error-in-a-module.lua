-- lua: 5.1-5.5
-- files: yes

local f = assert(io.open("files/outer.lua", "w")) f:write("local inner = require 'inner'\nreturn inner.start(nil)") f:close()
f = assert(io.open("files/inner.lua", "w")) f:write("local M = {}\nfunction M.start(x)\n  return x.field\nend\nreturn M") f:close()
package.path = "files/?.lua"
local function main()
  local outer = require "outer"
  return outer
end
print(require "inner" ~= nil)
main()
