-- lua: 5.2-5.5

local count = 0
local mt = {}
mt.__gc = function(o)
  count = count + 1
  io.write(o.n, " ")
  if count < 5 then setmetatable({n = o.n + 10}, mt) end
end
keep = setmetatable({n = 1}, mt)
print("script ends")
