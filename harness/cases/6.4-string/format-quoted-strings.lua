-- lua: 5.1-5.5

local all = {}
for b = 0, 255 do all[b + 1] = string.char(b) end
all = table.concat(all)
local q = string.format("%q", all)
local back = assert((loadstring or load)("return " .. q))()
print(#q, back == all)
for _, s in ipairs{"", "plain", 'say "hi"', "back\\slash", "new\nline", "cr\rlf\r\n", "zero\0", "zero\0001", "zero\0x", "tab\t", "\127\128\255", "\1\0022", "é", "'single'", "]]", "\\n"} do
  local text = string.format("%q", s)
  print(text, (loadstring or load)("return " .. text)() == s)
end
print(pcall(string.format, "%q"))
print(pcall(string.format, "%10q", "x"))
print(pcall(string.format, "%.1q", "xyz"))
print(pcall(string.format, "%-q", "xyz"))
