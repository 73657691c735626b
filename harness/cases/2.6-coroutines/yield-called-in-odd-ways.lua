-- lua: 5.2-5.5

local y = coroutine.yield
local co = coroutine.create(function(...)
  print("pcall", pcall(y, "from pcall"))
  print("xpcall", xpcall(y, print, "from xpcall"))
  print("index", setmetatable({}, {__index = y}).key)
  print("add", setmetatable({}, {__add = y}) + 1)
  print("concat", "a" .. setmetatable({}, {__concat = y}))
  print("call", setmetatable({}, {__call = y})("arg"))
  print("nested", y(y(y("inner"))))
  print("pcall of pcall", pcall(pcall, y, "deep"))
  print("select", select("#", y()), (y()))
  return y("tail")
end)
local function show(ok, ...)
  io.write("yielded ", tostring(ok), " ", select("#", ...), ":")
  for i = 1, select("#", ...) do local v = select(i, ...); io.write(" ", type(v) == "table" and "table" or tostring(v)) end
  io.write("\n")
  return coroutine.status(co) ~= "dead"
end
local n = 0
while show(coroutine.resume(co, "r" .. n, n)) do n = n + 1 end
