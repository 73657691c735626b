-- lua: 5.1-5.5

-- Only files may start with #; a string may not.
local compile = loadstring or load
print(compile("#!/usr/bin/lua\nreturn 1", "=x"))
print(compile("# comment", "=x"))
print(compile("\239\187\191return 1", "=x"))
