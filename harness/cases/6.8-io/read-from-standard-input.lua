-- lua: 5.1-5.5
-- stdin: first line\n 12 0x1F -4.5\nrest a\nrest b\n\nend without newline

print(io.read())
print(io.read("*n", "*n", "*n"))
print(io.read(1) == "\n", io.read(4), io.read("*l"))
print(io.stdin:read("*l"))
print("[" .. io.read("*l") .. "]")
print(io.read("*a"))
print(io.read("*a") == "", io.read("*l"), io.read(0), io.read("*n"))
