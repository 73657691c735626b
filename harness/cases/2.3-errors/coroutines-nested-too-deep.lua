-- lua: 5.1-5.5

local depth = 0
local function down()
  depth = depth + 1
  local co = coroutine.create(down)
  return coroutine.resume(co)
end
local results = {down()}
local last = results[#results]
print(type(last), last:find("C stack overflow", 1, true) ~= nil, depth > 100, depth < 1000)
