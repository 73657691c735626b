-- lua: 5.1-5.5

local s = "a-z]^%[09_~"
for _, p in ipairs{"[a-z]", "[^a-z]", "[a%-z]", "[-az]", "[az-]", "[]]", "[^]]", "[]-a]", "[%]]",
    "[%a%d]", "[^%w]", "[^%w_]", "[%^]", "[a^]", "[0-9_]", "[%-%%]", "[z-a]", "[a-]", "[a-a]", "[%a-z]",
    "[a-%%]", "[^^]", "[.]", "[+*?]", "[]^]", "[^%s%p]"} do
  local got = {}
  for c in string.gmatch(s, p) do got[#got + 1] = c end
  print(p, #got, table.concat(got, " "))
end
