-- lua: 5.1-5.5

local s = "a\0b\0"
print(#s, s == "a\0b\0", s == "a", s < "a\0c", "a" < s, "" < "\0")
print(#"\0", #"\255\254", ("\200\0\001"):byte(1, -1))
io.write(s, "|", "\255", "\n")
local t = {[s] = 1, ["a"] = 2, ["a\0"] = 3}
print(t["a\0b\0"], t["a"], t["a\0"], t["a\0b"])
print(("x\0y"):rep(2):len(), ("%q"):format("a\0b"))
print(("\0\0"):find("\0", 2, true), tostring("q\0r") == "q\0r")
