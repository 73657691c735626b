-- lua: 5.2-5.5

keep = setmetatable({}, {__gc = function() print("collected") end})
pcall(string.gsub, "x", "x", function()
  xpcall(function() os.exit(22, true) end, print)
end)
print("never")
