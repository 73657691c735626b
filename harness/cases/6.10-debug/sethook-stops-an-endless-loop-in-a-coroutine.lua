-- lua: 5.1-5.5

local n = 0
local function forever() while true do end end
local co = coroutine.create(function()
  print(pcall(forever))
  print(pcall(pcall, forever))
  return "left"
end)
debug.sethook(co, function() n = n + 1 if n % 3 == 0 then error("stop " .. n, 0) end end, "", 1000)
print(coroutine.resume(co))
print(n, coroutine.status(co))
