-- lua: 5.3-5.5

local function hex(s) return (s:gsub(".", function (c) return ("%02x"):format(c:byte()) end)) end
for _, f in ipairs{"s", "s1", "s2", "<s4", ">s3", ">s8", "<s16", "z", "c3", "c5", "c0"} do
  local ok, s = pcall(string.pack, f, "abc")
  print(f, ok, ok and hex(s) or s, ok and string.unpack(f, s))
end
print(pcall(string.pack, "s1", ("x"):rep(255)) == true, pcall(string.pack, "s1", ("x"):rep(256)))
print(pcall(string.pack, "z", "a\0b"))
print(pcall(string.pack, "c2", "abc"))
print(pcall(string.pack, "c", "abc"))
print(pcall(string.pack, "c0", ""))
print(pcall(string.pack, "c0", "x"))
print(hex(string.pack("c4", "a\0")), hex(string.pack("zz", "", "x")), hex(string.pack("s1", "\0\255")), string.pack("z", 12), hex(string.pack("s1", 1.5)))
print(pcall(string.pack, "s", {}))
print(pcall(string.pack, "z"))
