-- lua: 5.1-5.5

local declared = {}
setmetatable(_G, {
  __newindex = function(t, k, v)
    if not declared[k] then error("assignment to undeclared variable '" .. k .. "'", 2) end
    rawset(t, k, v)
  end,
  __index = function(_, k) error("variable '" .. tostring(k) .. "' is not declared", 2) end,
})
print(pcall(function() return foo end))
print(pcall(function() foo = 1 end))
declared.foo = true
print(pcall(function() foo = 1 return foo end))
print(rawget(_G, "bar"))
bar = nil
