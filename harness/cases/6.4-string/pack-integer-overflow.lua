-- lua: 5.3-5.5

for _, a in ipairs{{"b", 127}, {"b", 128}, {"b", -128}, {"b", -129}, {"B", 255}, {"B", 256}, {"B", -1}, {"h", 32768}, {"H", 65535}, {"H", 65536}, {"i3", 8388607}, {"i3", 8388608}, {"I3", 1 << 24},
    {"i4", 1 << 31}, {"I4", 1 << 32}, {"i7", 1 << 55}, {"I8", -1}, {"j", math.mininteger}, {"i16", math.mininteger}, {"b", 1.0}, {"b", "12"}, {"b", 1.5}, {"b", "x"}, {"b"}, {"b", {}}} do
  local ok, s = pcall(string.pack, a[1], a[2])
  print(a[1], a[2] and type(a[2]) ~= "table" and a[2] or type(a[2]), ok, ok and table.concat({s:byte(1, -1)}, " ") or s)
end
