-- lua: 5.1-5.5

local function producer(n) return coroutine.create(function() for i = 1, n do coroutine.yield("item " .. i) end return nil end) end
local function filter(source)
  return coroutine.wrap(function()
    local line = 1
    while true do
      local ok, item = coroutine.resume(source)
      if not item then return nil end
      coroutine.yield(("%d: %s"):format(line, item))
      line = line + 1
    end
  end)
end
for line in filter(producer(4)) do print(line) end
