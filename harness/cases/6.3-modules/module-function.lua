-- lua: 5.1-5.2

-- 5.1 has module; 5.2 only with compatibility.
print(type(module), type(package.seeall))
if not module then return end
local _G = _G
module("my.mod")
function f() return "f of my.mod" end
value = 5
_G.print(_NAME, _PACKAGE, _M == _G.my.mod, _M == _G.package.loaded["my.mod"], print, _G.my.mod.f(), _G.value)
