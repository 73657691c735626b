-- lua: 5.1-5.5

local function down(n)
  if n == 0 then return coroutine.yield("bottom") end
  local r = down(n - 1)
  return r + 1
end
local co = coroutine.create(down)
print(coroutine.resume(co, 5000))
print(coroutine.resume(co, 0))
local function tail(n) if n == 0 then return coroutine.yield("tail bottom") end return tail(n - 1) end
co = coroutine.create(tail)
print(coroutine.resume(co, 10000))
print(coroutine.resume(co, "passed", "all"))
