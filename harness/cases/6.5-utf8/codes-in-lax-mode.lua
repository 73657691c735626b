-- lua: 5.4-5.5

for _, s in ipairs{"\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFD\xBF\xBF\xBF\xBF\xBF", "\xFE", "\xC0\x80", "\x80", "a\xFDb"} do
  local seen = {}
  local ok, m = pcall(function () for p, c in utf8.codes(s, true) do seen[#seen + 1] = ("%d:%X"):format(p, c) end end)
  print((s:gsub("[\128-\255]", function (c) return ("\\x%02X"):format(c:byte()) end)), ok, m, table.concat(seen, " "))
end
for _, lax in ipairs{false, 0, "x"} do print(lax, pcall(function () for _ in utf8.codes("\xED\xA0\x80", lax) do end end)) end
