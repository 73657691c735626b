-- lua: 5.1-5.5

setmetatable(_G, {
  __index = function(_, name) error("no variable " .. name, 2) end,
  __newindex = function(t, name, value)
    print("new variable", name, value)
    rawset(t, name, value)
  end
})
x = 1
x = 2
print(x)
function f() return x end
print(f())
print(pcall(function() return y end))
print(pcall(function() y.z = 1 end))
print(rawget(_G, "y"))
