-- lua: 5.1-5.5

local function show(v) print(v ~= v and "nan" or string.format("%.10g", v), math.type and math.type(v)) end
show(math.sqrt(16)) show(math.sqrt(2)) show(math.sqrt(0)) show(math.sqrt(-1)) show(math.sqrt(1/0)) show(math.sqrt(2^62))
print(1 / math.sqrt(-0.0))
show(math.exp(0)) show(math.exp(1)) show(math.exp(-1)) show(math.exp(710)) show(math.exp(-750)) show(math.exp(-1/0)) show(math.exp("2"))
print(pcall(math.sqrt))
print(pcall(math.exp, "e"))
print(pcall(math.sqrt, {}))
