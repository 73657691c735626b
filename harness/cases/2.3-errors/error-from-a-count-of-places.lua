-- lua: 5.1-5.5

-- errors leave loops, closures and nested calls without a trace
local log = {}
for i = 1, 4 do
  local value = i * 10
  local get = function() return value end
  local ok, e = pcall(function()
    for j = 1, 3 do
      value = value + j
      if j == i then error(get) end
    end
    return "end"
  end)
  log[#log + 1] = type(e) == "function" and e() or e
end
print((table.unpack or unpack)(log))
