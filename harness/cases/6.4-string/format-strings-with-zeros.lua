-- lua: 5.1-5.5

local function show(ok, s) print(ok, (tostring(s):gsub("%z", "\\0"))) end
show(pcall(string.format, "%s", "a\0b"))
show(pcall(string.format, "a\0b%sc\0", "x"))
show(pcall(string.format, "%5s", "a\0b"))
show(pcall(string.format, "%.2s", "a\0b"))
show(pcall(string.format, "%-5s|", "\0"))
show(pcall(string.format, "%s", ("\0"):rep(3)))
show(pcall(string.format, "%s|%d", "\0" .. ("x"):rep(120), 1))
show(pcall(string.format, "%s %s", "\0", "\0\0"))
show(pcall(string.format, "%c%c%c", 0, 65, 0))
show(pcall(string.format, "%5c|%-5c|", 65, 66))
show(pcall(string.format, "%3c", 0))
