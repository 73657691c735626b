-- lua: 5.2-5.5

local co = coroutine.wrap(function(...)
  for a, b in coroutine.yield, "state", "control" do print("loop", a, b) end
  return "loop ended"
end)
print(co())
print(co(1, 2))
print(co("x"))
print(co(nil))
