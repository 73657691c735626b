-- lua: 5.1-5.5

local t = {}
print(debug.traceback(t) == t, debug.traceback(true), debug.traceback(print) == print, debug.traceback(io.stdout) == io.stdout)
print(debug.traceback(t, 1) == t)
print(pcall(debug.traceback, "x", "y"))
print(pcall(debug.traceback, "x", {}))
print(type(debug.traceback(1.5)))
