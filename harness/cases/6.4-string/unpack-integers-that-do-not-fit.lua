-- lua: 5.3-5.5

print(pcall(string.unpack, "<i9", ("\255"):rep(9)))
print(pcall(string.unpack, "<i9", ("\255"):rep(8) .. "\0"))
print(pcall(string.unpack, "<I9", ("\255"):rep(8) .. "\1"))
print(pcall(string.unpack, "<I16", ("\255"):rep(8) .. ("\0"):rep(8)))
print(pcall(string.unpack, ">i16", ("\255"):rep(16)))
print(pcall(string.unpack, ">i16", ("\0"):rep(8) .. ("\255"):rep(8)))
print(pcall(string.unpack, ">i16", "\1" .. ("\0"):rep(15)))
print(pcall(string.unpack, "<I8", ("\255"):rep(8)))
print(pcall(string.unpack, "<J", "\0\0\0\0\0\0\0\128"))
print(string.unpack("<i3 >i3", "\255\255\127\255\255\127"))
