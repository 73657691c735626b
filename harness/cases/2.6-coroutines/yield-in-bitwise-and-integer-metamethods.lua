-- lua: 5.3-5.5

local mt = {}
for _, event in ipairs {"band", "bor", "bxor", "shl", "shr", "bnot", "idiv"} do
  mt["__" .. event] = function() return (coroutine.yield(event)) end
end
local t = setmetatable({}, mt)
local co = coroutine.wrap(function()
  return t & 1, 1 | t, t ~ 2, t << 3, 4 >> t, ~t, t // 5, 6 // t
end)
local r = {co()}
local i = 0
while #r == 1 do i = i + 1; io.write(r[1], " "); r = {co(i)} end
print(table.unpack(r))
