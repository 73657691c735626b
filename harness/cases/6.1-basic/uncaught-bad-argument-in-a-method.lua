-- lua: 5.1-5.5

local obj = {}
function obj:name(n) return ("x"):rep(n) .. self.suffix end
print(pcall(obj.name, {suffix = "s"}, 2))
print(pcall(function() return obj:name("two") end))
print(pcall(function() io.stdout.write() end))
print(pcall(function() io.stdout:seek("nowhere") end))
print(pcall(function() io.stdout.close({}) end))
obj:name(1)
