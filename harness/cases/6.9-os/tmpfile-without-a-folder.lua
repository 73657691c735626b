-- lua: 5.1-5.5

-- A known difference. Nothing was granted.
local f, message = io.tmpfile()
print(io.type(f), message)
