-- lua: 5.1-5.5

local function deep(n)
  if n == 0 then error("bottom") end
  deep(n - 1)
  return n
end
local ok, trace = xpcall(function() deep(3); return 1 end, debug.traceback)
print(ok)
print(trace)
