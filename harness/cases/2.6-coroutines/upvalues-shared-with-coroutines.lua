-- lua: 5.1-5.5

local shared = 0
local get
local co = coroutine.wrap(function()
  local own = 10
  get = function() own = own + 1; return own end
  while true do shared = shared + own; coroutine.yield(own) end
end)
print(co(), shared, get(), get())
shared = 100
print(co(), shared)
print(get(), co(), shared)
co = nil
collectgarbage()
print(get())
