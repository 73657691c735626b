-- lua: 5.1-5.5

local function try(name, f, ...)
  local co = coroutine.create(f)
  local ok, e = coroutine.resume(co, ...)
  print(name, ok, e, coroutine.status(co))
end
local y = coroutine.yield
try("sort", function() table.sort({3, 2, 1}, function(a, b) y() return a < b end) end)
try("sort with yield", function() table.sort({3, 2, 1}, y) end)
try("gsub", function() return (("abc"):gsub("%w", function(c) y(c) end)) end)
try("gsub with yield", function() return (("abc"):gsub("%w", y)) end)
try("tostring", function() return tostring(setmetatable({}, {__tostring = function() y() return "s" end})) end)
try("load reader", function() return load(function() y() end) end)
local mt = {__index = function(_, k) return y(k) end, __len = function() return 2 end}
try("concat", function() return table.concat(setmetatable({}, mt)) end)
try("pairs", function() for k in pairs(setmetatable({}, {__pairs = function() y("pairs") return next, {} end})) do end end)
try("ipairs", function() for i, v in ipairs(setmetatable({}, mt)) do end end)
try("next", function() return next({y("argument")}) end)
if table.foreach then try("foreach", function() table.foreach({1}, y) end) end
