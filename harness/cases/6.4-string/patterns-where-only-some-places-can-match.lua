-- lua: 5.1-5.5
local subjects = {
  "", "a", "b", "ab", "aab", "key = value", "x.y.z", "<a><b>text</b></a>", "((a)(b))", "%d 50%",
  "line 1\nline 2\n", ("."):rep(40) .. "!", ("ab"):rep(20) .. "c", "\200a\1b",
}
local patterns = {
  "a", "b", "ab", "a+b", "a*b", "a-b", "a?b", "(a)", "(a)b", "((a)b)", "()a", "()b()", "a()", "%a",
  "%A", "%d+", "%.", "%%", "%(", "[ab]", "[^a]", "[^a]*", "[a-c]+", "[]a]", "[^]a]+", "[%a_]+",
  "[%z!]", ".", ".*", ".-", ".+b", ".-b", ".*b", "(.-)b", "(.*)b", "(.-)(b)", "<(.-)>", "<%a>.*</",
  "=%s*(.-)$", "^a", "^b", "b$", "a$b", "$", "$$", "%f[%a]%a", "%b()", "%b<>", "(a)%1", "(.)%1",
  "!", "%p-!", "[.]-!", "[.]*!", "c", "%l*c", "%l-c", "x-", "x*", "a^b", "%-", "%]",
  "(", ")", "a(", "a)", "[", "[a", "[^", "[]", "%", "a%", "%f", "%fa", "%b", "%bx", "%1", "z%1",
  "a[", "z[", "z(", "((((a", "(z", "z%", "a-[", ".-[", ".*%", "(()",
}
local function shown(ok, ...)
  local t = {tostring(ok), ...}
  for i = 2, #t do t[i] = tostring(t[i]) end
  return table.concat(t, ",")
end
for _, p in ipairs(patterns) do
  for _, s in ipairs(subjects) do
    print(p, #s, shown(pcall(string.find, s, p)), shown(pcall(string.match, s, p, 2)),
      shown(pcall(string.gsub, s, p, "<%0>")), shown(pcall(string.gsub, s, p, "", 1)),
      shown(pcall(function()
        local found = {}
        for a, b in s:gmatch(p) do
          found[#found + 1] = tostring(a) .. "/" .. tostring(b)
          if #found > 60 then break end
        end
        return table.concat(found, " ")
      end)))
  end
end
