-- lua: 5.1-5.5

local unpack, pad = table.unpack or unpack, {}
if _VERSION ~= "Lua 5.1" then for i = 1, 150 do pad[i] = i end end
local function forever(...) return 1 + forever(...) end
local co = coroutine.create(forever)
local ok, e = coroutine.resume(co, unpack(pad))
print(ok, e:find("stack overflow", 1, true) ~= nil, coroutine.status(co))
co = coroutine.create(function()
  local ok, e = pcall(forever, unpack(pad))
  coroutine.yield(ok)
  return "goes on", type(e)
end)
print(coroutine.resume(co)) print(coroutine.resume(co))
