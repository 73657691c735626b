-- lua: 5.1-5.5

local function iterator(state, control)
  print("called", state, control)
  if control < 3 then return control + 1, "value" .. control, nil, "fourth" end
end
for a, b, c, d, e in iterator, "state", 0 do print(a, b, c, d, e) end
for x in function(_, c) if c == nil then return false end end do print(x) end
for x in next, {10} do print(x) end
for a, b in ipairs{} do print "never" end
local n = 0
for _ in function() n = n + 1 return n < 3 or nil end do end
print(n)
