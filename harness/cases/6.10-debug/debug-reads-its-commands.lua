-- lua: 5.1-5.5
-- stdin: print("hello")\nx = 5\nprint(x * 2)\nsyntax error here\nerror("raised")\nlocal y = 1\nprint(y)\ncont\nprint("not read")\n

print("before")
debug.debug()
print("after", x)
print(io.read())
