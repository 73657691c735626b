-- lua: 5.4-5.5

local function new(name)
  return setmetatable({}, {__close = function(_, e) print("close " .. name, e) end})
end
do
  local a <close> = new("a")
  local b <close> = new("b")
  local none <close> = nil
  local no <close> = false
  print("in block")
end
for i = 1, 2 do
  local c <close> = new("c" .. i)
  if i == 2 then break end
end
print((function() local d <close> = new("d"); return "returned", 2 end)())
print(pcall(function() local e <close> = new("e"); error("oops", 0) end))
print(pcall(function() local x <close> = {} end))
print(pcall(function() local y <close> = 42 end))
print(pcall(function() local z <close> = setmetatable({}, {__close = 5}) end))
goto skip
do local never <close> = new("never") end
::skip::
