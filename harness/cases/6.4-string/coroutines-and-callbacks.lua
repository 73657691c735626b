-- lua: 5.1-5.5

-- A callback of gsub cannot yield; an iterator of gmatch may live in several coroutines.
local co = coroutine.wrap(function ()
  for w in string.gmatch("a b c", "%a") do coroutine.yield(w) end
  return "end"
end)
print(co(), co(), co(), co())
print(coroutine.resume(coroutine.create(function () return string.gsub("abc", "%a", coroutine.yield) end)))
print(coroutine.resume(coroutine.create(function () return string.gsub("abc", "%a", function () error("in a callback") end) end)))
local it = string.gmatch("xyz", ".")
local one = coroutine.wrap(function () while true do coroutine.yield(it()) end end)
print(one(), it(), one())
