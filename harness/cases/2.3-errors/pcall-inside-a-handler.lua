-- lua: 5.1-5.5

print(xpcall(function() error("outer", 0) end, function(e)
  local ok, inner = pcall(error, "inner", 0)
  return e .. "/" .. tostring(ok) .. "/" .. inner
end))
print(xpcall(function() error("outer", 0) end, function(e)
  local ok, inner = xpcall(function() error("deep", 0) end, function(m) return m .. "!" end)
  return e .. "/" .. tostring(ok) .. "/" .. inner
end))
