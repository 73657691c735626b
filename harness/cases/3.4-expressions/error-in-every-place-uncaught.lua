-- lua: 5.1-5.5

local t = setmetatable({}, {__index = function(_, k) error("no " .. k) end})
local co = coroutine.create(function()
  local ok, e = pcall(function() return t.first end)
  print(ok, e)
  coroutine.yield("yielded after an error")
  return t.second
end)
print(coroutine.resume(co))
print(coroutine.resume(co))
print(coroutine.status(co), coroutine.resume(co))
print(debug.traceback(co))
local function use(k) return "[" .. t[k] .. "]" end
local function outer() local r = use("third") return r end
outer()
