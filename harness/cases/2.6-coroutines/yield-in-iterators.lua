-- lua: 5.2-5.5

local function iterator(n)
  return function(_, i)
    local got = coroutine.yield("iterating " .. i)
    if i < n then return i + 1, got end
  end, nil, 0
end
local co = coroutine.wrap(function()
  for i, v in iterator(3) do coroutine.yield("body " .. i .. tostring(v)) end
  return "done"
end)
local v, n = co(), 0
while v do n = n + 1; print(v); if v == "done" then break end v = co(n) end
