-- lua: 5.1-5.5

local get, set
local ok, message = pcall(function()
  local x = 1
  get, set = function() return x end, function(v) x = v end
  x = 2
  error("after x became " .. x)
end)
print(ok, message, get()) set(5) print(get())
local co = coroutine.create(function() local y = "in a coroutine" get = function() return y end coroutine.yield() end)
coroutine.resume(co) co = nil collectgarbage() print(get())
for i = 1, 3 do local z = i get = function() return z end if i == 2 then break end end
print(get())
