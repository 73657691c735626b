-- lua: 5.2-5.5

for _, s in ipairs{"ffffffffffffffff", "10000000000000000", "fffffffffffffffff", "-ffffffffffffffffffff", ("z"):rep(20)} do print(s, tonumber(s, 16), tonumber(s, 36)) end
