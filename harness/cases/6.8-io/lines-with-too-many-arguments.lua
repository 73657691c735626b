-- lua: 5.2-5.5
-- files: yes

io.open("files/x", "w"):close()
local unpack = table.unpack
local function formats(n) local t = {} for i = 1, n do t[i] = 1 end return unpack(t) end
for _, n in ipairs{17, 18, 249, 250, 251, 252} do
  local ok, message = pcall(io.lines, "files/x", formats(n))
  print(n, ok, ok and type(message) or message)
end
