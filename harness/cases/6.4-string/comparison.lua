-- lua: 5.1-5.5

local list = {"", "\0", "\0\0", "\0a", "a", "a\0", "a\0a", "a\0b", "aa", "ab", "A", "Z", "b", "\127", "\128", "\255", "\255\0", "10", "9", " ", "é", "z"}
for i = 1, #list do
  local row = {}
  for j = 1, #list do
    local a, b = list[i], list[j]
    row[j] = a == b and "=" or a < b and "<" or ">"
    assert((a <= b) == (a < b or a == b) and (a > b) == (b < a) and (a >= b) == (b <= a))
  end
  print((string.format("%q", list[i]):gsub("[%z\128-\255]", "?")), table.concat(row))
end
table.sort(list)
for i, s in ipairs(list) do list[i] = (s:gsub("[%z\1-\255]", function (c) return ("%02x"):format(c:byte()) end)) end
print(table.concat(list, " "))
print(pcall(function () return "a" < 1 end))
print(pcall(function () return {} < "a" end))
print(pcall(function () return "a" <= nil end))
