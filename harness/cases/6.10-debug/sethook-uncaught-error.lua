-- lua: 5.1-5.5

local function work(n)
  local sum = 0
  for i = 1, n do
    sum = sum + i
  end
  return sum
end
local function limited(f, n)
  debug.sethook(function() error("limit reached") end, "", 50)
  local r = f(n)
  debug.sethook()
  return r
end
print(work(10))
local r = limited(work, 1000000)
