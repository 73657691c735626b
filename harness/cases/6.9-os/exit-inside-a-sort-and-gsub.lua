-- lua: 5.1-5.5

table.sort({3, 2, 1}, function(a, b)
  string.gsub("x", "x", function() print("deep") os.exit(14) end)
  return a < b
end)
print("never")
