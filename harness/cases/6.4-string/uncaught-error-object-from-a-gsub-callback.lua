-- lua: 5.1-5.5

local function visit(c)
  if c == "c" then error(setmetatable({code = 7}, {__tostring = function (e) return "code " .. e.code end})) end
end
local function walk(s) return string.gsub(s, ".", visit) end
print(pcall(walk, "ab"))
local r = walk("abc")
