-- lua: 5.1-5.5

-- A known difference. Nothing was granted.
local ok, name = pcall(os.tmpname)
print(ok, ok or name)
if ok then os.remove(name) end
