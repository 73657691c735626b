-- lua: 5.4-5.5

local function forever()
  return 1 + forever()
end
local function run()
  print("start")
  forever()
end
run()
