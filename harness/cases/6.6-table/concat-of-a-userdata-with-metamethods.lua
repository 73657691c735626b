-- lua: 5.3-5.5

local meta = getmetatable(io.stdout)
print(pcall(table.concat, io.stdout, ","))
local index = meta.__index
meta.__index = function(f, k)
  if type(k) == "number" then return "line" .. k end
  return index[k]
end
print(pcall(table.concat, io.stdout, ","))
meta.__len = function() return 2 end
print(pcall(table.concat, io.stdout, ","))
meta.__len, meta.__index = nil, index
print(pcall(table.concat, io.stdout, ","))
