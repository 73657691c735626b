-- lua: 5.1-5.5

local config = {seed = "not a number"}
local function setup(c)
  math.randomseed(c.seed)
end
local function start()
  setup{seed = 5}
  setup(config)
end
start()
