-- lua: 5.1-5.5

local original = tostring
tostring = function(v) return "<" .. original(v) .. ">" end
print(1, "s", nil)
local function try(replacement)
  tostring = replacement
  local ok, e = pcall(print, 1)
  tostring = original
  print(type(replacement), ok, e)
end
try(nil)
try(function() return 5 end)
try(function() return {} end)
try(function() end)
try(function() error("from tostring", 0) end)
