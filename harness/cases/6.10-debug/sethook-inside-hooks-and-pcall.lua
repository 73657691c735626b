-- lua: 5.1-5.5

local depth, calls = 0, 0
local function helper() depth = depth + 1 end
debug.sethook(function(event)
  calls = calls + 1
  helper()
end, "c")
local function f() end
f() f()
pcall(f)
debug.sethook()
print(calls, depth)
local order = {}
debug.sethook(function(e, l) order[#order + 1] = e:sub(1, 1) .. (l or "") end, "crl")
local x = (function() return 5 end)()
debug.sethook()
print(x, table.concat(order, " "))
