-- lua: 5.3-5.5

local function reverse(s)
  local t = {}
  for _, c in utf8.codes(s) do table.insert(t, 1, utf8.char(c)) end
  return table.concat(t)
end
local function sub(s, i, j)
  local from, to = utf8.offset(s, i), utf8.offset(s, j + 1)
  return string.sub(s, from, to - 1)
end
print(reverse("Zürich €5"), reverse(""), sub("Zürich", 2, 3), utf8.len(reverse("日本語")))
print(utf8.char(utf8.codepoint("日本語", 1, -1)) == "日本語")
local count = 0
for i = 0, 0x10FFFF, 4099 do
  if i < 0xD800 or i > 0xDFFF then
    local c = utf8.char(i)
    assert(utf8.codepoint(c) == i and utf8.len(c) == 1 and utf8.offset(c, 2) == #c + 1)
    count = count + #c
  end
end
print(count)
