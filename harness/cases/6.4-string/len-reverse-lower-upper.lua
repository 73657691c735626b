-- lua: 5.1-5.5

print(string.len(""), string.len("a\0b"), string.len("\255\128"), string.len(12345), string.len(-0.5), #"x\0\0")
print(string.reverse(""), string.reverse("a"), string.reverse("abc"), string.reverse(123), string.byte(string.reverse("a\0\255"), 1, -1))
print(string.lower("ÀBC [\\]^_` XYZ"), string.upper("àbc {|}~ xyz"), string.lower(""), string.upper(""), string.lower(0xA), string.upper(1e100))
local all = {}
for b = 0, 255 do all[b + 1] = string.char(b) end
all = table.concat(all)
local lower, upper = 0, 0
for b = 1, 256 do
  if all:lower():byte(b) ~= b - 1 then lower = lower + 1 end
  if all:upper():byte(b) ~= b - 1 then upper = upper + 1 end
end
print(lower, upper, all:upper():lower() == all:lower(), all:reverse():reverse() == all)
for _, name in ipairs{"len", "reverse", "lower", "upper"} do
  print(name, pcall(string[name]))
  print(name, pcall(string[name], nil))
  print(name, pcall(string[name], {}))
  print(name, pcall(string[name], true, "x"))
end
