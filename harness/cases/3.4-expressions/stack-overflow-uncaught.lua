-- lua: 5.1

local depth = 0
local function forever() depth = depth + 1 return 1 + forever() end
print(pcall(forever))
print(depth > 10000)
forever()
