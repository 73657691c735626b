-- lua: 5.2-5.5

local function f(a, ...)
  print(debug.getlocal(1, -1))
  print(debug.getlocal(1, -2))
  print(debug.getlocal(1, -3))
  print(debug.setlocal(1, -1, "changed"), debug.setlocal(1, -9, 0))
  print(...)
end
f(1, "x", "y")
f(1)
