-- lua: 5.1

-- PUC Lua 5.1 has no limit; the sandbox has 1000 levels.
local s = ("x"):rep(3000)
print(pcall(string.find, s, ("x?"):rep(900)))
print(pcall(string.find, s, ("x?"):rep(3000)))
