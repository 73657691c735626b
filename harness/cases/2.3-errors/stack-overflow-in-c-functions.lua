-- lua: 5.1-5.5

local function overflows(name, f, ...)
  local ok, e = pcall(f, ...)
  print(name, ok, type(e), type(e) == "string" and (e:find("overflow") or e:find("error in error handling")) ~= nil)
end
local function gsub(s) return (string.gsub("x", "x", gsub)) end
overflows("gsub", gsub)
local t = setmetatable({}, {}); getmetatable(t).__index = function(t, k) return t[k] end
overflows("__index function", function() return t.x end)
local s = setmetatable({}, {}); getmetatable(s).__tostring = function(s) return tostring(s) end
overflows("__tostring", tostring, s)
local c = setmetatable({}, {}); getmetatable(c).__concat = function(a, b) return a .. b end
overflows("__concat", function() return c .. "x" end)
local function sort() table.sort({1, 2, 3}, sort) end
overflows("sort", sort)
