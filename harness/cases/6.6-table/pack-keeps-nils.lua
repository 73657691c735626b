-- lua: 5.2-5.5

local function show(t)
  local o = {}
  for i = 1, t.n do o[i] = tostring(t[i]) end
  print(t.n, #o, table.concat(o, " "))
end
show(table.pack())
show(table.pack(nil))
show(table.pack(nil, nil, 3, nil))
show(table.pack("a", 1, 2.5, true))
show(table.pack((function() return 1, 2, 3 end)()))
show(table.pack(table.unpack({1, 2, 3}, 2)))
local t = table.pack(1, 2)
print(getmetatable(t), rawlen(t), type(t.n), math.type and math.type(t.n))
print(table.pack(table.unpack({n = 3}, 1, 3)).n)
