-- lua: 5.1
-- files: yes

local f = assert(io.open("files/m.lua", "w"))
f:write("local g = _G\nmodule(..., package.seeall, function (m) m.option = 'set for ' .. m._NAME end)\nfunction hello() return 'hello from ' .. _NAME, print == g.print end")
f:close()
package.path = "files/?.lua"
local m = require "m"
print(type(m), m == _G.m, m.option, m.hello())
print(package.loaded.m == m, m._M == m, m._PACKAGE == "")
local function in_module() module("again") y = 1 end
in_module()
print(again.y, y, package.loaded.again == again)
print(pcall(function () module("print") end))
