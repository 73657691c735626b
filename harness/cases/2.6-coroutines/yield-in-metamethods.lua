-- lua: 5.2-5.5

local y = coroutine.yield
local mt = {}
for _, event in ipairs {"__add", "__sub", "__mul", "__div", "__mod", "__pow", "__unm", "__concat", "__index", "__call", "__len"} do
  mt[event] = function(...) return y(event) end
end
local assigned
mt.__newindex = function(_, k, v) assigned = y("__newindex " .. tostring(k) .. tostring(v)) end
local t = setmetatable({}, mt)
local co = coroutine.wrap(function()
  local r = {t + 1, 2 - t, t * t, t / 1, t % 1, t ^ 1, -t, t .. "x", t.key, t(1), #t}
  t.new = "v"
  r[#r + 1] = assigned
  y(table.concat(r, " "))
  return 1 + (t + 1) * 2, "a" .. t .. "b", t.a.b
end)
local n, v = 0, co()
while n < 16 do n = n + 1; print(n, v); v = co(n >= 14 and t or n) if n == 15 then print(v) break end end
