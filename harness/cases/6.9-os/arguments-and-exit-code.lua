-- lua: 5.1-5.5
-- args: 21 two

local code, word = ...
print(code, word, select("#", ...), arg[1], arg[2], #arg)
os.exit(tonumber(code))
