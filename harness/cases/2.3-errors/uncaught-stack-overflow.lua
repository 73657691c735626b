-- lua: 5.1-5.5

local unpack, pad = table.unpack or unpack, {}
if _VERSION ~= "Lua 5.1" then for i = 1, 150 do pad[i] = i end end
local function forever(...)
  return 1 + forever(...)
end
local function run()
  print("start")
  forever(unpack(pad))
end
run()
