-- lua: 5.4-5.5

local function failing(name)
  return setmetatable({}, {__close = function(_, e) print("close " .. name, e); error("error in " .. name, 0) end})
end
print(pcall(function()
  local a <close> = failing("a")
  local b <close> = failing("b")
  error("original", 0)
end))
print(pcall(function() local c <close> = failing("c"); return "lost" end))
print(xpcall(function() local d <close> = failing("d") end, function(e) return "handled " .. e end))
local mt = {__close = function() print("closed") end}
print(pcall(function() local v <close> = setmetatable({}, mt); mt.__close = nil end))
