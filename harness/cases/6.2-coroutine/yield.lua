-- lua: 5.1-5.5

local co = coroutine.wrap(function()
  print("nothing", coroutine.yield())
  print("nil", coroutine.yield(nil))
  print("parens", (coroutine.yield(1, 2)))
  print("in call", select("#", coroutine.yield("a"), coroutine.yield("b")))
  local t = {coroutine.yield("table"), coroutine.yield("constructor")}
  print("table", #t, t[1], t[2])
  print("arith", coroutine.yield("x") + coroutine.yield("y") * 2)
  print("logic", coroutine.yield("p") and coroutine.yield("q") or coroutine.yield("r"))
  if coroutine.yield("condition") then print("then") else print("else") end
  return coroutine.yield("tail")
end)
print("->", co())
for i = 1, 13 do print("->", co(i > 11 and i < 13 and false or i, i * 2)) end
