-- lua: 5.1-5.5

local e = setmetatable({code = 7}, {__tostring = function(s) return "code " .. s.code end})
local function a() error(e) end
local function b() local ok, x = pcall(a); x.code = x.code + 1; error(x, 2) end
local function c() local ok, x = pcall(b); print(rawequal(x, e), x.code); error(x) end
local ok, x = pcall(c)
print(ok, x == e, tostring(x), x.code)
