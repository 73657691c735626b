-- lua: 5.1-5.2

local s = "hello"
print(s:sub(1, 1/0), s:sub(-1/0), s:sub(1e300), s:find("l", 1/0))
