-- lua: 5.1-5.5
-- files: yes

local function content() local f = io.open("files/x", "rb") local s = f:read("*a") f:close() return s end
local function try(mode, text)
  local f, message = io.open("files/x", mode)
  if not f then return print(mode, f, message) end
  local read = f:read("*a")
  f:seek("set", 0)
  local ok = f:write(text)
  f:close()
  print(mode, read, ok and io.type(ok), content())
end
print((select(2, io.open("files/x"))))
print((select(2, io.open("files/x", "r+"))))
try("w", "one")
try("r", "no")
try("a", "+two")
try("r+", "ONE")
try("a+", "+three")
try("w+", "new")
try("rb", "no")
try("r+b", "N")
try("a+b", "!")
try("wb", "")
try("ab", "last")
