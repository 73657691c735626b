-- lua: 5.2-5.5

print(debug.getuservalue(io.stdout))
print(debug.getuservalue({}))
print(pcall(debug.getuservalue))
print(debug.getuservalue(1), debug.getuservalue("x"))
print(pcall(debug.setuservalue, {}, 1))
print(pcall(debug.setuservalue, 1, 1))
print(pcall(debug.setuservalue, io.stdout))
local ok, message = pcall(debug.setuservalue, io.stdout, {})
print(ok, type(message))
print(type(debug.getuservalue(io.stdout)))
print(pcall(debug.setuservalue, io.stdout, nil) == true)
