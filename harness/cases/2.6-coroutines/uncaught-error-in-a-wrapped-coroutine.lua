-- lua: 5.1-5.5

local function fail() error("inside the coroutine") end
local gen = coroutine.wrap(function()
  coroutine.yield(1)
  fail()
end)
local function use()
  print(gen())
  gen()
end
use()
