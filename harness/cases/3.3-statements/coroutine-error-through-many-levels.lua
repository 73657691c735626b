-- lua: 5.1-5.5

local function level(n)
  return coroutine.wrap(function()
    if n == 0 then local t = {} return t.a.b end
    local inner = level(n - 1)
    local v = inner()
    return v
  end)
end
print(pcall(level(3)))
local function start() local f = level(2) f() end
start()
