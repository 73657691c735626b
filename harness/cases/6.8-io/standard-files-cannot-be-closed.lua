-- lua: 5.1-5.5

print(io.stderr:close())
print(io.type(io.stderr))
io.stderr:write("still open\n")
print(io.stdin:close())
print(io.close(io.stdout))
print(io.type(io.stdout), io.type(io.stdin))
