-- lua: 5.4-5.5

warn("is this shown?")
local ok = pcall(warn, "and ", "this?")
print(ok)
