-- lua: 5.1-5.5

local function c() local s = debug.traceback() return s end
local function b() return c() end
local function a() return b() end
local s = a()
print(s)
