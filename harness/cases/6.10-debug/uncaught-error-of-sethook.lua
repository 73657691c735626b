-- lua: 5.1-5.5

local function trace(f, mask)
  debug.sethook(f, mask)
  debug.sethook()
end
trace(print, "")
local function main() trace("print", "l") end
main()
