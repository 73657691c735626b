-- lua: 5.4-5.5
-- files: yes

local kept
do
  local f <close> = io.open("files/x", "w")
  f:write("written")
  kept = f
end
print(io.type(kept))
local g <close> = io.open("files/x")
print(g:read("a"))
print(pcall(function()
  local h <close> = io.open("files/x")
  kept = h
  error("left")
end))
print(tostring(kept))
local c = coroutine.wrap(function() local k <close> = io.open("files/x") kept = k coroutine.yield() end)
c()
print(io.type(kept))
print(getmetatable(g).__close ~= nil, getmetatable(g).__close == getmetatable(g).__gc)
