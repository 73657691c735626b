-- lua: 5.4-5.5

print(pcall(function() local x <close> = 5 end))
print(pcall(function() local x <close> = {} end))
print(pcall(function() local x <close> = "s" end))
print(pcall(function() local aLongName <close> = print end))
print(pcall(function() local x <close> = setmetatable({}, {__close = 5}) end))
print(pcall(function()
  local x <close> = setmetatable({}, {__close = print})
  getmetatable(x).__close = nil
end))
print(load("local x <close>, y <close> = nil, nil", "=x"))
print(load("local x <close> = nil; x = 1", "=x"))
