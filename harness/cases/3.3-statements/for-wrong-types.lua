-- lua: 5.1-5.5

for _, bad in ipairs{"x", {}, print, true, "10", "0x10", ""} do
  print(type(bad), type(bad) ~= "table" and type(bad) ~= "function" and bad or "")
  print(pcall(function() for i = bad, 2 do print(i) break end end))
  print(pcall(function() for i = 1, bad do print(i) break end end))
  print(pcall(function() for i = 1, 2, bad do print(i) break end end))
  print(pcall(function() for i = 1.5, bad, 1 do print(i) break end end))
end
print(pcall(function() for i = nil, 2 do end end))
print(pcall(function() for i = 1, nil do end end))
print(pcall(function() for i = 1, 2, nil do end end))
print(pcall(function() for i = nil, nil, nil do end end))
print(pcall(function() for i = "a", "b", "c" do end end))
