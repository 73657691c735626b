-- lua: 5.3-5.5

local bad = {"\128", "a\128", "\xC3", "\xC3a", "\xE2\x82", "\xE2\x82a", "\xF0\x9F\x98", "\xFF", "\xFE", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xF0\x80\x80\x80", "\xED\xA0\x80", "\xED\xBF\xBF",
    "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFC\x84\x80\x80\x80\x80", "a\xC3\xA4\xA4", "ok\xE4", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"}
for _, s in ipairs(bad) do
  local seen = {}
  local ok, m = pcall(function () for p, c in utf8.codes(s) do seen[#seen + 1] = p .. ":" .. c end end)
  print((s:gsub("[\128-\255]", function (c) return ("\\x%02X"):format(c:byte()) end)), ok, m, table.concat(seen, " "))
end
