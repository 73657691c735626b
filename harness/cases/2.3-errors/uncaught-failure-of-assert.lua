-- lua: 5.1-5.5

local function check(v, ...) assert(v, ...) end
print(pcall(check, false, "message", "more"))
check(nil)
