-- lua: 5.1-5.5

-- Calls through C are counted, 200 of them.
local function nest(n)
  local ok, r = pcall(string.gsub, "x", "x", function() return nest(n + 1) end)
  return ok and r or (type(r) == "string" and r:gsub(".*: ", "")) or n
end
local depth = 0
local function count() depth = depth + 1 return (string.gsub("x", "x", count)) end
local ok, message = pcall(count)
print(ok, message, depth)
depth = 0
local function sort() depth = depth + 1 table.sort({1, 2}, sort) end
print(pcall(sort)) print(depth)
