-- lua: 5.2-5.5

local deep = ("x"):rep(3000)
print(pcall(string.find, deep, ("x?"):rep(3000)))
print(pcall(string.match, deep, ("x?"):rep(190)) ~= nil)
print(pcall(string.gsub, deep, ("x*"):rep(500), ""))
print(pcall(string.find, deep, ("("):rep(300)))
print(pcall(string.find, ("a"):rep(10), ("a?"):rep(10) .. ("a"):rep(10)))
print(#string.match(deep, ".*"), #string.match(deep, ".-$"), select(2, string.gsub(deep, "x", "%0%0")))
