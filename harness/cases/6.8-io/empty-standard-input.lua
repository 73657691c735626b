-- lua: 5.1-5.5

print(io.read())
print(io.read("*a"))
print(io.read("*n"))
print(io.read(0))
print(io.read(10))
for line in io.lines() do print("never") end
print(io.stdin:read("*l", "*a"))
