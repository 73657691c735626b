-- lua: 5.1-5.5

-- Endless or none before 5.4.
print(pcall(function() for i = 1, 2, 0 do print(i) break end end))
print(pcall(function() for i = 2, 1, 0 do print(i) break end end))
print(pcall(function() for i = 1, 2, 0.0 do print(i) break end end))
print(pcall(function() for i = 1, 2, -0.0 do print(i) break end end))
print(pcall(function() for i = 2, 1, -0.0 do print(i) break end end))
print(pcall(function() for i = 1.5, 2, 0 do print(i) break end end))
