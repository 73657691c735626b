-- lua: 5.2-5.5

local function each(f, ...)
  local args = table.pack(...)
  for i = 1, args.n do args[i] = f(args[i]) end
  return table.unpack(args, 1, args.n)
end
print(each(tostring, 1, nil, "x", nil))
print(select("#", each(function() return nil end, 1, 2, 3)))
print(each(type, nil, nil))
local t = {}
t[3] = "c"; t[2] = "b"; t[1] = "a"
print(#t, table.concat(t))
t[#t] = nil
print(#t, table.concat(t))
