-- lua: 5.1-5.5
-- files: yes

local function try(name, text)
  local f = assert(io.open("files/x.lua", "wb")); f:write(text); f:close()
  print(name, pcall(dofile, "files/x.lua"))
end
try("comment", "#!/usr/bin/lua\nreturn debug.getinfo(1, 'l').currentline")
try("comment only", "# just this")
try("comment and newline", "#\n")
try("comment error", "#!x\n\nerror('line 3')")
try("second line", "\n# not a comment")
try("crlf", "return\r\n'x'\r\n")
try("no newline", "return 'end'")
try("zero byte", "return 'a\0b'")
try("mark", "\239\187\191return 'marked'")
try("mark and comment", "\239\187\191#comment\nreturn debug.getinfo(1, 'l').currentline")
try("half a mark", "\239\187return 1")
