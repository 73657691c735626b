-- lua: 5.3-5.5

local function fail(n)
  local inner = function () return n.x.y end
  return inner()
end
local full, stripped = string.dump(fail), string.dump(fail, true)
print(#full > #stripped, string.dump(fail, false) == full, string.dump(fail, nil) == full, string.dump(fail, 1) == stripped)
print(pcall(load(full), {}))
print(pcall(load(stripped), {}))
print(pcall(load(stripped, "other", "b"), 5))
local info = debug.getinfo(load(stripped), "Sl")
print(info.source, info.short_src, info.linedefined, info.currentline)
