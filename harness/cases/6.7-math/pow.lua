-- lua: 5.1-5.2, 5.4

local t = math.type or type
for _, p in ipairs{{2, 10}, {2, -1}, {9, 0.5}, {-8, 3}, {0, 0}, {1/0, 0}, {-2, 0.5}, {10, 400}, {10, -400}, {"3", "2"}, {-1, 1/0}, {0, -1}} do
  local v = math.pow(p[1], p[2])
  print(t(v), v ~= v and "nan" or v)
end
print(pcall(math.pow, 2))
print(pcall(math.pow, "x", 2))
