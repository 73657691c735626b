-- lua: 5.3-5.5

local function show(s) return (s:gsub("[\128-\255]", function (c) return ("\\x%02X"):format(c:byte()) end)) end
for _, s in ipairs{"\128", "\xC3", "\xC3a", "\xE2\x82", "\xFF", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF4\x90\x80\x80", "\xF7\xBF\xBF\xBF", "\xFD\xBF\xBF\xBF\xBF\xBF", "\xFE\x80\x80\x80\x80\x80\x80"} do
  print(show(s), pcall(utf8.codepoint, s))
  print(show(s), pcall(utf8.codepoint, s, 1, 1, true))
end
print(pcall(utf8.codepoint, "ab\xE2\x82", 1, -1))
print(pcall(utf8.codepoint, "ä", 2))
