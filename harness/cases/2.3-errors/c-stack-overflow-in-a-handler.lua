-- lua: 5.1-5.5

local function gsub(s) return (("x"):gsub("x", gsub)) end
local ok, e = xpcall(gsub, function(m)
  local ok2, e2 = pcall(gsub)
  return type(m) .. " " .. type(e2)
end)
print(ok, type(e))
print(pcall(string.gsub, "x", "x", "y"))
local depth = 0
local function nested() depth = depth + 1; return pcall(nested) end
nested()
print(depth > 150)
print(pcall(error, "fine", 0))
