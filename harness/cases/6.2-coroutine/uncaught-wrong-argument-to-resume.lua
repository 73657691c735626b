-- lua: 5.1-5.5

local function start(f) return (coroutine.resume(f)) end
local function run()
  print(start(coroutine.create(function() end)))
  print(start("not a coroutine"))
end
run()
