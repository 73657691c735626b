-- lua: 5.3-5.5

local function hex(s) return (s:gsub(".", function (c) return ("%02x"):format(c:byte()) end)) end
for _, f in ipairs{"bi4", "!bi4", "!4bi4", "!2bi4", "!1bi4", "!8bj", "!bhb", "b!h", "!4 b d", "!8bd", "!b s2", "!4 b Xi4", "b x h", "!4 bXi2 b", "!2bi8", "!16bi16", "!bxXj", "<!4 bi3i4"} do
  local args = {}
  for i = 1, 4 do args[i] = f:find("s") and i == 2 and "ab" or i end
  local ok, s = pcall(string.pack, f, table.unpack(args))
  print(f, ok, ok and hex(s) or s, select(2, pcall(string.packsize, f)))
  if ok then print(pcall(string.unpack, f, s)) end
end
