-- lua: 5.2-5.5

local function show(v) print(v ~= v and "nan" or string.format("%.10g", v)) end
show(math.log(2, 1))
show(math.log(1, 1))
show(math.log(2, 0))
show(math.log(2, -2))
show(math.log(2, 1/0))
show(math.log(2, 2.0))
show(math.log(2, 10.0))
