-- lua: 5.3-5.5

local function hex(s) return (s:gsub(".", function (c) return ("%02x"):format(c:byte()) end)) end
for _, f in ipairs{"b", "B", "h", "H", "i", "I", "l", "L", "j", "J", "T", "i1", "i2", "i3", "i7", "i8", "i9", "i16", "I1", "I3", "I16"} do
  print(f, string.packsize(f), hex(string.pack("<" .. f, 100)), hex(string.pack(">" .. f, 100)), string.unpack("<" .. f, string.pack("<" .. f, 100)))
  print(f, pcall(string.pack, ">" .. f, -1))
  local ok, s = pcall(string.pack, ">" .. f, -1)
  if ok then print(f, hex(s), string.unpack(">" .. f, s)) end
end
