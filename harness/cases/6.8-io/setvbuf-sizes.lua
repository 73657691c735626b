-- lua: 5.1-5.5
-- files: yes

local function try(mode, size, text)
  local f = io.open("files/x", "w")
  print(mode, size, f:setvbuf(mode, size))
  f:write(text)
  f:close()
  local g = io.open("files/x")
  g:setvbuf(mode, size)
  print(g:read("*a") == text)
  g:close()
end
try("full", 1, "abc")
try("full", 16, ("x"):rep(100))
try("line", 64, "a\nb\nc")
try("no", 0, "abc")
try("full", 65536, ("y"):rep(70000))
