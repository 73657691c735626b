-- lua: 5.1-5.5

local n = 0
for _, when in ipairs{0, 1, 59, 3600, 68169600, 951868799, 951868800, 1582934400, 4107542400, 1e10} do
  local t = os.date("*t", when)
  if os.time(t) == when then n = n + 1 else print("differs", when, os.time(t)) end
  t = os.date("!*t", when)
  t.isdst = nil
  if os.time(t) == when then n = n + 1 end
end
print(n)
