-- lua: 5.1-5.5

local i = 0
repeat
  local done = i >= 3
  i = i + 1
until done
print(i)
local fs = {}
repeat
  local x = #fs
  fs[#fs + 1] = function() x = x + 1 return x end
until x == 2
print(fs[1](), fs[1](), fs[2](), fs[3](), #fs)
repeat local a = 1; repeat local a = 2 until a == 2 until a == 1
repeat break until error("never evaluated")
repeat print "once" until true
