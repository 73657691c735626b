-- lua: 5.1-5.5

local depth = 0
local function nest() depth = depth + 1 local ok, e = coroutine.resume(coroutine.create(nest)) if not ok then return e end return e end
local ok, e = pcall(nest)
print(ok, (tostring(e):gsub("^.-:%d+: ", "")), depth > 100, depth)
