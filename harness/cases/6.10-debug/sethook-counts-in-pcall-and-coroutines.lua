-- lua: 5.1-5.5

local n = 0
local function count() n = n + 1 end
local function work() local x = 0 for i = 1, 50 do x = x + i end return x end
local function measure(f, ...)
  n = 0
  debug.sethook(count, "", 1)
  f(...)
  debug.sethook()
  print(n)
end
measure(work)
measure(pcall, work)
measure(xpcall, work, print)
measure(string.gsub, "aa", "a", work)
measure(coroutine.wrap(work))
measure(function() pcall(error, "x") pcall(pcall) end)
measure(function() return work() end)
