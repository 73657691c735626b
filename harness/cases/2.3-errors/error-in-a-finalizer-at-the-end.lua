-- lua: 5.1-5.5

if warn then warn("@off") end
local function fail() print("finalizer runs") error("ignored") end
if newproxy then
  keep = newproxy(true)
  getmetatable(keep).__gc = fail
else
  keep = setmetatable({}, {__gc = fail})
end
print("end of script")
