-- lua: 5.1-5.5

-- The same with setfenv in 5.1 and _ENV later.
local make
if setfenv then
  make = function(env) return setfenv(function() counter = (counter or 0) + 1 return counter end, env) end
else
  make = load("return function(env) local _ENV = env return function() counter = (counter or 0) + 1 return counter end end")()
end
local a, b = {}, {counter = 10}
local fa, fb = make(a), make(b)
print(fa(), fa(), fb(), a.counter, b.counter, counter)
local fs = make(setmetatable({}, {__index = function() return 100 end, __newindex = function(_, k, v) print("set", k, v) end}))
print(fs(), fs())
