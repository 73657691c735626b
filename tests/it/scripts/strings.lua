local unpack = unpack or table.unpack
print(("abc"):rep(3), ("abc"):rep(0), ("x"):rep(-1), ("abc"):reverse(), ("aBc"):upper(), ("aBc"):lower(), #("a\0b"), ("abc"):byte(1, -1))
for _, a in ipairs {{1, 2}, {-2, -1}, {0, 10}, {2, 1}, {-100, 2}, {3, -3}, {5, 9}} do print(("hello"):sub(a[1], a[2])) end
local subjects = {"", "hello world", "key = value", "  trim  ", "f(a(b)c)d", "2024-01-02", "a,b,,c", "THE (quick) fox", "\0zero\0", "x^y$z", "äöü", "[[x]]", "aaa"}
local patterns = {"", "%w+", "(%w+) = (%w+)", "^%s*(.-)%s*$", "%b()", "(%d+)-(%d+)-(%d+)", "[^,]*", "%f[%a]%a+", "()ll()", "[%z]", "%^", "$", "^", "a-", "a*?", "(a)(a)(a)", "[a-z%d]+", "[^%s]+", "[]]", "[%]x]", "(.)%1", ".-b", "%u%u", "[%a_][%w_]*", "%p", "%c", "%x+", "[\128-\255]+", "(((.)))", "%g+"}
for _, s in ipairs(subjects) do for _, p in ipairs(patterns) do
  io.write(tostring((s:gsub("%z", "?"))), "\t", p, "\t")
  local r = {pcall(string.find, s, p)} for i = 1, 6 do r[i] = tostring(r[i]):gsub("%z", "?") end
  print(table.concat(r, " ", 1, 6), (tostring(select(2, pcall(string.gsub, s, p, "<%0>"))):gsub("%z", "?")))
  local n = 0 if pcall(function() for a, b in s:gmatch(p) do n = n + 1 if n > 50 then break end io.write(tostring(a):gsub("%z", "?") .. "", ";") end end) then end print(n)
end end
for _, p in ipairs {"(", ")", "%", "[", "[a", "[]", "[^]", "%b", "%bx", "%f", "(()", "%1", "(a%1)", "[%", "[a-", ("(a)"):rep(33)} do print(p:sub(1, 10), pcall(string.find, "aaa", p)) end
print(("hello"):gsub("l", {l = "L"}), ("hello"):gsub("(l)(.)", "%2%1"), ("hello"):gsub("", "-"), ("hello"):gsub("l", "%%"), pcall(string.gsub, "x", "x", "%2"), pcall(string.gsub, "x", "x", "%"), ("abc"):gsub("%w", function(c) if c == "b" then return false end return c .. c end), ("abc"):gsub(".", "x", 2))
print(("a.b"):find(".", 1, true), ("abc"):find("b", -1), ("abc"):find("", 10), ("abc"):find("", 4), ("abc"):match("^(a)(b)"), ("abc"):match(".-$"))
print(pcall(string.char, 65, 66), pcall(string.char, -1), pcall(string.char, 256), string.char())
print("a" < "b", "a" < "A", "" < "a", "a\0b" < "a\0c", "Z" < "a", "a" <= "a", "10" < "9")
local t = {1, 2, 3, nil, 5} print(select("#", unpack(t, 1, 5)), select(-1, 1, 2, 3), select(2, "a", "b", "c"), pcall(select, 0))
print(table.concat({1, 2, 3}, ", "), table.concat({}, "x"), table.concat({1, 2.5, "x"}, "-", 2, 3), pcall(table.concat, {1, 2}, ",", 1, 3))
local l = {1, 2, 3} table.insert(l, 4) table.insert(l, 1, 0) print(table.concat(l, " "), table.remove(l), table.remove(l, 1), table.remove({}), #l, pcall(table.insert, l, 10, 1), pcall(table.insert, l), pcall(table.insert, l, 1, 2, 3))
print(pcall(table.remove, {1, 2, 3}, 7)) print(next({})) print(rawequal("a", "a"), rawget({x = 1}, "x"), type(next), pcall(next, {}, "nope"))
if table.pack then local p = table.pack(1, nil, 3) print(p.n, p[1], p[3]) end
if table.move then print(table.concat(table.move({1, 2, 3}, 1, 3, 2), " "), table.concat(table.move({1, 2, 3}, 2, 3, 1), " "), #table.move({1, 2, 3}, 1, 3, 1, {})) end
if rawlen then print(rawlen({1, 2}), rawlen("abc")) end
if utf8 then
  print(utf8.char(72, 228, 8364, 128512, 0x7ff, 0x800, 0xffff, 0x10ffff), utf8.charpattern, utf8.len("häß€😀"), utf8.len("\xff"), utf8.len("abc", 4), pcall(utf8.len, "abc", 6))
  for p, c in utf8.codes("aä€😀") do io.write(p, ":", c, " ") end print() print(utf8.codepoint("aä€", 1, -1)) print(utf8.offset("aä€😀", 3), utf8.offset("aä€", -1), utf8.offset("abc", 5), pcall(utf8.offset, "ä", 1, 2)) print(pcall(utf8.codepoint, "\xff")) print(pcall(function() for _ in utf8.codes("a\xffb") do end end)) print(utf8.len(utf8.char(0xD7FF)), pcall(utf8.char, -1), pcall(utf8.char, 0x7FFFFFFF))
end
for _, s in ipairs {0, 1, 86399, 86400, 951782400, 1e9, 1709164800, 2147483647, 4102444800} do
  print(os.date("!%c|%x|%X|%p|%Y-%m-%d %H:%M:%S|%a %A %b %B|%j|%y|%I|%w|%%", s)) local d = os.date("!*t", s) print(d.year, d.month, d.day, d.hour, d.min, d.sec, d.wday, d.yday, d.isdst)
end
print(os.time {year = 2000, month = 1, day = 1, hour = 12, isdst = false}, os.time {year = 2024, month = 14, day = -3, hour = 0}, pcall(os.time, {year = 2000}), os.difftime(10, 4)) -- What unknown conversions give is up to the C library in 5.1.
if _VERSION ~= "Lua 5.1" then print(pcall(os.date, "%Ez", 0)) print(pcall(os.date, "%Q", 0)) end
print(type(os.clock()), type(os.time()), type(os.date()), os.getenv("NO_SUCH_VARIABLE"))
