-- lua: 5.3-5.5

local guarded = setmetatable({}, {__newindex = function(t, k, v)
  if type(v) ~= "number" then error("only numbers, not " .. type(v), 2) end
  rawset(t, k, v)
end})
local function copy(from)
  table.move(from, 1, #from, 1, guarded)
end
copy{1, 2}
print(#guarded)
copy{1, 2, "three"}
copy{"a", "b", "c"}
