-- lua: 5.1

local env = {error = error}
local function fail()
  error("in a small world")
end
local function caller()
  fail()
  return 1
end
setfenv(fail, env)
setfenv(caller, env)
setfenv(0, {})
caller()
