-- lua: 5.1-5.5

local function try(f, finally)
  local ok, e = pcall(f)
  finally()
  if not ok then error(e, 0) end
end
print(pcall(try, function() error("inner") end, function() print "finally" end))
try(function() print "fine" end, function() print "finally" end)
try(function() local x = nil; x() end, function() print "finally" end)
