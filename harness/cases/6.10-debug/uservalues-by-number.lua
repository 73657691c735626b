-- lua: 5.4-5.5

print(debug.getuservalue(io.stdout, 1))
print(debug.getuservalue(io.stdout, 0))
print(debug.getuservalue(io.stdout, 2), debug.getuservalue(io.stdout, -1))
print(debug.setuservalue(io.stdout, "x", 1), debug.setuservalue(io.stdout, "x", 9))
print(pcall(debug.getuservalue, io.stdout, "n"))
print(pcall(debug.setuservalue, io.stdout, 1, {}))
