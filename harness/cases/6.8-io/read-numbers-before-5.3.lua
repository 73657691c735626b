-- lua: 5.1-5.2
-- files: yes

-- the C library's scanf reads them
local function try(text)
  local f = io.open("files/n", "w")
  f:write(text)
  f:close()
  f = io.open("files/n")
  local n = f:read("*n")
  print(text:sub(1, 20), n, "rest: " .. f:read("*a"):sub(1, 20))
  f:close()
end
try("abc")
try("12abc")
try("1.2.3")
try("0x1p4 ")
try("1e400 ")
try("1,5")
try("")
try("   ")
try("\n\n 7\n")
try("9223372036854775807 ")
try("xyz 3")
