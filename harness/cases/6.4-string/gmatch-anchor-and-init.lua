-- lua: 5.1-5.5

-- An anchor in gmatch is an ordinary character in 5.1 to 5.3, and never matches twice later.
local function all(...)
  local t = {}
  for a in string.gmatch(...) do t[#t + 1] = tostring(a) end
  print(#t, table.concat(t, " "))
end
all("aaa", "^a")
all("^aaa^a", "^a")
all("abc", "%a", 2)
all("abc", "%a", -1)
all("abc", "%a", 4)
all("abc", "()", 4)
all("abc", "()", 5)
all("abc", "%a", 100)
all("abc", "%a", -100)
all("abc", "%a", 0)
all("abc", "%a", nil)
print(pcall(string.gmatch, "abc", "%a", "x"))
print(pcall(string.gmatch, "abc", "%a", 1.5))
