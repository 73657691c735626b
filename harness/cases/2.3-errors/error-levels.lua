-- lua: 5.1-5.5

local function fail(level) error("message", level) end
local function middle(level)
  fail(level)
  return "not a tail call"
end
for level = 0, 5 do print(level, pcall(middle, level)) end
print(pcall(fail))
print(pcall(fail, 1.0))
print(pcall(error, "direct", 1))
print(pcall(error, "direct", 2))
print(pcall(error, "x", -1))
print(pcall(error, "x", "2"))
print(pcall(error, "x", {}))
print(pcall(error, {}, 1) , type(select(2, pcall(error, {}, 2))))
