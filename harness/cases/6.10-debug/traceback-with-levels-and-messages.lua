-- lua: 5.1-5.5

local function inner(...) local s = debug.traceback(...) return s end
local function middle(...) local s = inner(...) return s end
print(middle())
print(middle("message"))
print(middle("message", 0))
print(middle("message", 1))
print(middle("message", 2))
print(middle("message", 3))
print(middle("message", 100))
print(middle(nil, 2))
print(middle(12))
print(middle(""))
print(middle("line\nbreak"))
