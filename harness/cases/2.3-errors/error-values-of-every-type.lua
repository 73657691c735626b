-- lua: 5.1-5.5

local t, f = {}, function() end
for i = 1, 8 do
  local v = ({nil, false, true, 42, -1.5, "text", t, f})[i]
  local ok, e = pcall(error, v)
  print(i, ok, type(e), rawequal(e, v))
end
print(pcall(error))
print(pcall(error, nil, 2))
local co = coroutine.create(f)
print(select(2, pcall(error, co)) == co, select(2, pcall(error, io.stdout)) == io.stdout)
print(select("#", pcall(error, "a", 0, "b")))
