-- lua: 5.2-5.5

keep = setmetatable({}, {__gc = function() print("finalized") end})
local outer = coroutine.wrap(function()
  local inner = coroutine.wrap(function()
    print(pcall(string.gsub, "x", "x", function() os.exit(9, true) end))
  end)
  inner()
end)
print("start")
outer()
