-- lua: 5.1-5.5

local s = "f(a(b)c)(d)) [x[y]] ''q'"
for _, p in ipairs{"%b()", "%b)(", "%b[]", "%b''", "%bqq", "%b((", "f%b()%b()", "^%b()", "(%b()) ", "%b() %b[]", "()%b[]()", "%bxy", "%b  ", "[^%b()]"} do
  print(p, string.find(s, p))
end
print(string.gsub("(1)(2(3))", "%b()", function (m) return #m end))
print(string.find("\0a\1b\1", "%b\1\1"))
print(pcall(string.find, "\0a\1b\1", "%b\0\1"))
for _, p in ipairs{"%b", "%b(", "x%b", "%b()%b("} do print(p, pcall(string.find, "(a)x", p)) end
