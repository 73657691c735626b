-- lua: 5.3-5.5

local count = 0
print(xpcall(function() error("first", 0) end, function(e)
  count = count + 1
  if count < 5 then error(e .. "+", 0) end
  return e .. " after " .. count
end))
local ok, e = xpcall(error, error, "same", 0)
print(ok, type(e))
ok, e = xpcall(function() error("first", 0) end, function(e) error(e, 0) end)
print(ok, type(e), tostring(e):find("stack overflow", 1, true) ~= nil, e)
