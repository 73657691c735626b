-- lua: 5.1

function start(name)
  module(name)
end
local function main() start("string.format.x") end
main()
