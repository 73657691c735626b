-- lua: 5.1-5.5

-- 5.1 knows no base
local function show(v) print(v ~= v and "nan" or string.format("%.10g", v), math.type and math.type(v)) end
show(math.log(1)) show(math.log(10)) show(math.log(2.5)) show(math.log(0)) show(math.log(1/0))
show(math.log(8, 2)) show(math.log(1024, 2)) show(math.log(2^52, 2)) show(math.log(1000, 10)) show(math.log(1e15, 10))
show(math.log(27, 3)) show(math.log(2, 4)) show(math.log(100, "10")) show(math.log(0, 10)) show(math.log(0.5, 0.5))
local n = math.log(-1)
print(n ~= n)
print(pcall(math.log))
print(pcall(math.log, "x"))
print(pcall(math.log, 2, nil))
print(pcall(math.log, 2, {}))
print(pcall(math.log, 2, "y"))
