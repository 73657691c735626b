-- lua: 5.1-5.5

local function all(s, p)
  local t = {}
  for a, b in string.gmatch(s, p) do t[#t + 1] = tostring(a) .. (b and ":" .. tostring(b) or "") end
  print(string.format("%q", s), p, #t, table.concat(t, " "))
end
all("a=1, b=2", "(%w+)=(%w+)")
all("one two", "%a+")
all("abc", "")
all("abc", "()")
all("", "")
all("", ".")
all("aXbX", "X*")
all("abc", "b*")
all("aaa", "a-")
all("  a b", "%s*()")
all("abc", "()(.)")
all("xay", "(a?)()")
all("a,b,,c", "([^,]*)")
all("a,b,,c", "([^,]*),?")
all("$a$", "%$")
all("aaa", "a$")
