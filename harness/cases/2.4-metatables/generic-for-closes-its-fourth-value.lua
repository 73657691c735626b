-- lua: 5.4-5.5

local function iterate(n)
  local closer = setmetatable({}, {__close = function(_, e) print("loop closed", e) end})
  return function(_, i) if i < n then return i + 1 end end, nil, 0, closer
end
for i in iterate(2) do print(i) end
for i in iterate(5) do if i == 2 then break end end
print(pcall(function() for i in iterate(3) do error("in loop " .. i, 0) end end))
print((function() for i in iterate(3) do return "returned " .. i end end)())
for i in iterate(2) do goto continue; ::continue:: end
print(pcall(function() for i in next, {}, nil, 5 do end end))
print(pcall(function() for i in next, {}, nil, {} do end end))
