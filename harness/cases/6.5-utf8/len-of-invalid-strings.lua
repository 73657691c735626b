-- lua: 5.3-5.5

local function show(s) return (s:gsub("[\128-\255]", function (c) return ("\\x%02X"):format(c:byte()) end)) end
for _, s in ipairs{"\128", "abc\128", "ä\xC3", "\xC3a", "€\xE2\x82", "\xE2\x82a", "\xFF", "\xC0\x80", "a\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFD\xBF\xBF\xBF\xBF\xBF", "\xFE", "\0\128",
    "\xED\x9F\xBF\xEE\x80\x80", "\xDF\xBF\xE0\xA0\x80", "\xEF\xBF\xBF\xF0\x90\x80\x80"} do
  print(show(s), utf8.len(s))
  print(show(s), "lax", utf8.len(s, 1, -1, true))
end
