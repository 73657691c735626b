-- lua: 5.2-5.5

local function level(n)
  if n == 0 then local v = coroutine.yield("bottom"); error("error " .. v, 0) end
  local ok, e = pcall(level, n - 1)
  coroutine.yield("level " .. n .. ": " .. tostring(e))
  error(e .. n, 0)
end
local co = coroutine.create(function() return pcall(level, 4) end)
for _ = 1, 8 do print(coroutine.resume(co, "!")) end
