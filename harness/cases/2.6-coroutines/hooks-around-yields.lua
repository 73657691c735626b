-- lua: 5.1-5.5

local lines = {}
local co = coroutine.create(function()
  local a = coroutine.yield(1)
  local b = a + 1
  return b
end)
debug.sethook(co, function(event, line) lines[#lines + 1] = event .. " " .. tostring(line) end, "crl")
print(coroutine.resume(co))
print(coroutine.resume(co, 5))
debug.sethook(co)
for i, l in ipairs(lines) do print(i, l) end
print(debug.gethook(co))
