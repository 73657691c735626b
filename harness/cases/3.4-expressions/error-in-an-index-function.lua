-- lua: 5.1-5.5

local object = setmetatable({}, {__index = function(t, k)
  if k == "good" then return "value" end
  error("no field " .. tostring(k))
end})
print(object.good)
print(pcall(function() return object.bad end))
local function read(o, k)
  return "<" .. o[k] .. ">"
end
print(read(object, "good"))
print(read(object, {} and 5))
