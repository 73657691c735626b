-- lua: 5.1-5.5

local compile = loadstring or load
print(compile("x = 1 '" .. ("s"):rep(100) .. "'", "=x"))
print(compile("x = 1 y " .. ("n"):rep(100), "=x"))
print(compile("x = y " .. ("n"):rep(100) .. " 2", "=x"))
print(compile("x = 1 12345678901234567890123456789012345678901234567890", "=x"))
print(compile("x = 1 [[a\nb]]", "=x"))
print(compile("x = 1 \"a\\nb\\0c\"", "=x"))
print(compile("x = 1 ...", "=x"))
print(compile("x = 1 y <= 2", "=x"))
