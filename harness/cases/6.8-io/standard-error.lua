-- lua: 5.1-5.5

io.stderr:write("one ", 2, " ", 3.5, "\n")
local r = io.stderr:write("")
print(r == io.stderr or r)
print(io.stderr:flush() and true, io.flush() and true)
print(pcall(io.stderr.write, io.stderr, {}))
print(io.type(io.stderr), io.stderr ~= io.stdout)
local n, message = io.stderr:read(1)
print(n, message == nil or type(message))
