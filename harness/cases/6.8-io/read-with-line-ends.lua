-- lua: 5.2-5.5
-- files: yes

local f = io.open("files/x", "wb")
f:write("a\r\nb\rc\n\n\r\n", "zero\0inside\n", "\n\n", "end")
f:close()
f = io.open("files/x", "rb")
while true do
  local line = f:read("*L")
  if not line then break end
  print((line:gsub("[%c]", function(c) return "<" .. c:byte() .. ">" end)))
end
f:seek("set", 0)
for line in f:lines() do print(#line) end
f:close()
