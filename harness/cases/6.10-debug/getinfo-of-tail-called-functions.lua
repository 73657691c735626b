-- lua: 5.1-5.5

local function levels()
  for level = 1, 6 do
    local i = debug.getinfo(level, "nSl")
    if not i then break end
    print(level, i.what, i.name, i.namewhat, i.currentline, i.short_src)
  end
  return 1
end
local function b() return levels() end
local function a() local r = b() return r end
local x = a()
