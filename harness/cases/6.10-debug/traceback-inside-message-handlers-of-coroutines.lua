-- lua: 5.1-5.5

local function fail() local x = nil; local y = x.field return y end
local co = coroutine.create(function()
  local ok, trace = xpcall(fail, debug.traceback)
  print(trace)
  local r = coroutine.wrap(function() return (select(2, xpcall(fail, function(m) return debug.traceback(m, 2) end))) end)()
  print(r)
  fail()
end)
print(coroutine.resume(co))
print(debug.traceback(co))
