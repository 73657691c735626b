-- lua: 5.1

local print, package, pcall, getfenv, type, _G0 = print, package, pcall, getfenv, type, _G
module("my.module", package.seeall)
x = 5
function f() return x end
print(_NAME, _PACKAGE, _M == getfenv(), package.loaded["my.module"] == _M, type(_G0.my.module))
print(f(), _G0.x, _G0.my.module.f == f, string.upper("seeall"))
print(pcall(module))
print(pcall(module, {}))
_G0.taken = 5
print(pcall(_G0.module, "taken"))
print(pcall(_G0.module, "taken.deeper"))
