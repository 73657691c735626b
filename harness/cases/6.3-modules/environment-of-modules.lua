-- lua: 5.2-5.5
-- files: yes

local f = assert(io.open("files/env.lua", "w")) f:write("defined = (defined or 0) + 1 return _ENV") f:close()
package.path = "files/?.lua"
local result
do
  local _ENV = {require = require, print = print}
  result = require "env"
  print(defined)
end
print(result == _G, defined)
local other = {}
print(loadfile("files/env.lua", "t", other)() == other, other.defined, defined)
