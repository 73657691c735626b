-- lua: 5.1

local before = print
module("seen", package.seeall)
before(print == before, getmetatable(_M).__index == _G, _NAME, _PACKAGE, string.len("abc"))
x = 1
before(_G.x, _G.seen.x, seen == _M)
before(pcall(module, "string.len"))
before(pcall(module))
before(pcall(module, "other", 5))
before(pcall(package.seeall))
before(pcall(package.seeall, 5))
