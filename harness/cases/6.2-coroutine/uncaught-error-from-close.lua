-- lua: 5.4-5.5

local co = coroutine.create(function()
  local x <close> = setmetatable({}, {__close = function() error("cannot close") end})
  coroutine.yield()
end)
coroutine.resume(co)
local function shut(c)
  local ok, e = coroutine.close(c)
  assert(ok, e)
end
shut(co)
