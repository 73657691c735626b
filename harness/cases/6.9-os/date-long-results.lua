-- lua: 5.1-5.5

local s = os.date(("!%Y"):rep(1) .. ("-%d"):rep(500), 0)
print(#s, s:sub(1, 10))
s = os.date("!" .. ("text "):rep(300), 0)
print(#s)
