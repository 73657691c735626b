-- lua: 5.4-5.5

local function closer(name, fail)
  return setmetatable({}, {__close = function(_, e) print("close " .. name, e) if fail then error(fail, 0) end end})
end
print(pcall(function()
  local a <close> = closer("a")
  local b <close> = closer("b", "error in b")
  local c <close> = closer("c")
  error("original", 0)
end))
print(pcall(function()
  local a <close> = closer("a", "error in a")
  local b <close> = closer("b", "error in b")
  return "result is lost"
end))
print(pcall(function()
  local a <close> = closer("a", nil)
  error()
end))
