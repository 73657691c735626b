-- lua: 5.1-5.5

-- Which line of an expression over several lines is named.
local t, f = {}, function(...) return ... end
print(pcall(function()
  return f(
    1,
    t.x.y,
    2
  )
end))
print(pcall(function()
  return 1 +
    2 *
    t
end))
print(pcall(function()
  return t
    .a
    .b
    .c
end))
print(pcall(function()
  f(1)
  f(2) t.
  g(
  3
  )
end))
print(pcall(function() return "a" ..
  "b" ..
  t ..
  "c" end))
