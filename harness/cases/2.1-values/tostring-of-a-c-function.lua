-- lua: 5.1-5.5

local f = string.len
print(tostring(f) == tostring(string.len), tostring(f) == tostring(string.rep))
print(f, tostring(f):match("^%a+: ?"))
