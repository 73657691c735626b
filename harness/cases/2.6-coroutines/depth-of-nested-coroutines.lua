-- lua: 5.1-5.5

local n = 0
local function down() n = n + 1; local ok, e = coroutine.resume(coroutine.create(down)); return e end
local e = down()
print(n, e)
