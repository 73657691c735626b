-- lua: 5.3-5.5

local function show(...) print(select("#", ...), math.type((...)), ...) end
show(math.tointeger(3))
show(math.tointeger(3.0))
show(math.tointeger(3.5))
show(math.tointeger(-0.0))
show(math.tointeger(2^53))
show(math.tointeger(2^63))
show(math.tointeger(-2^63))
show(math.tointeger(2^63 - 1024))
show(math.tointeger(1/0))
show(math.tointeger(0/0))
show(math.tointeger(math.mininteger))
for _, v in ipairs{"8", "8.0", "x", "0x10", "", {}, true, print} do
  print(type(v), pcall(math.tointeger, v))
end
print(pcall(math.tointeger, nil))
print(pcall(math.tointeger))
