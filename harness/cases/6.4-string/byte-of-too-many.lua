-- lua: 5.1-5.5

local long = ("ab"):rep(1000000)
local ok, message = pcall(string.byte, long, 1, -1)
print(ok, message)
print(select("#", string.byte(long, 1, 5000)), select(5000, string.byte(long, 1, 5000)))
