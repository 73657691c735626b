-- lua: 5.1

local env = setmetatable({}, {__index = _G})
local make = setfenv(function() return function() y = 1; return y end end, env)
local f = make()
print(f(), env.y, y, getfenv(f) == env)
local chunk = setfenv(loadstring("z = 2; return getfenv()"), env)
print(chunk() == env, env.z, z)
local co = coroutine.create(function() return getfenv(0) == _G, getfenv(1) == _G end)
print(coroutine.resume(co))
setfenv(0, env)
print(getfenv(0) == env, loadstring("return getfenv()")() == env)
