-- lua: 5.4-5.5

local function new(name, yielding)
  return setmetatable({}, {__close = function(_, e)
    if yielding then coroutine.yield("closing " .. name) end
    print("closed " .. name, e)
  end})
end
local co = coroutine.wrap(function()
  local a <close> = new("a", true)
  do
    local b <close> = new("b", true)
    coroutine.yield("in block")
  end
  local c <close> = new("c", true)
  return "result 1", "result 2"
end)
for _ = 1, 4 do print(co()) end
print(co())
local co = coroutine.wrap(function()
  print(pcall(function()
    local d <close> = new("d", true)
    local e <close> = new("e", true)
    error("failed", 0)
  end))
  for i in (function() return function(_, i) if i < 2 then return i + 1 end end, nil, 0, new("loop", true) end)() do if i == 2 then break end end
  return "end"
end)
for _ = 1, 4 do print(co()) end
