-- lua: 5.4-5.5

local function values(n)
  local closer = setmetatable({}, {__close = function(_, e) print("closed", e) end})
  return function(_, c) if c < n then return c + 1 end end, nil, 0, closer
end
for i in values(2) do print(i) end
for i in values(9) do if i == 2 then break end print(i) end
print(pcall(function() for i in values(3) do error("in the loop " .. i, 0) end end))
local function f() for i in values(3) do return "returned", i end end
print(f())
for i in values(2) do if i == 1 then goto out end end
::out::
for i in values(2) do goto continue do print "never" end ::continue:: end
