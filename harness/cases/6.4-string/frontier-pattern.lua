-- lua: 5.1-5.5

local function each(s, p) 
  local t = {}
  for c in string.gmatch(s, p) do t[#t + 1] = tostring(c) end
  print(p, #t, table.concat(t, ","))
end
each("THE (quick) fOx", "%f[%a]%a+")
each("THE (quick) fOx", "%f[%a]%u+%f[%A]")
each("THE (quick) fOx", "()%f[%a]")
each("THE (quick) fOx", "()%f[%A]")
each("aa bb", "%f[%w]()%w+()%f[%W]")
each("abc", "%f[^%z]()")
each("abc", "()%f[%z]")
each("", "()%f[%z]")
each("a-b_c", "%f[%w_]()")
each("a]b", "%f[]]()")
print(string.gsub("one two  three", "%f[%a]%a", string.upper))
print(string.gsub("THE (quick) fox", "%f[%w]%w+%f[%W]", "<%0>"))
for _, p in ipairs{"%f", "%fa", "%f(", "%f[", "%f[a", "%f[%"} do print(p, pcall(string.find, "abc", p)) end
