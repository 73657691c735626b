-- lua: 5.1-5.5

local co = coroutine.create(function()
  local t = nil
  t.x = 1
end)
local function run()
  local ok, e = coroutine.resume(co)
  if not ok then error(e, 0) end
end
run()
