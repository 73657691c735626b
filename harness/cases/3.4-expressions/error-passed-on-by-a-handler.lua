-- lua: 5.1-5.5

local function work(x)
  return x.y.z
end
local function guarded()
  local ok, message = xpcall(function() return work({}) end, function(m) return "handled: " .. m end)
  print(ok, message)
  local ok, trace = xpcall(function() local r = work({}) return r end, debug.traceback)
  print(ok, trace)
  error(message, 0)
end
guarded()
