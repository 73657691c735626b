-- lua: 5.1-5.5

-- Each of CR, LF, CR LF, LF CR is one line break and is read as LF.
local compile = loadstring or load
for _, eol in ipairs{"\n", "\r", "\r\n", "\n\r", "\n\n", "\r\r", "\r\n\r\n"} do
  local long = assert(compile("return [[a" .. eol .. "b]]"))()
  local first = assert(compile("return [[" .. eol .. "b]]"))()
  print(#eol, long:byte(1, -1))
  print("first", first:byte(1, -1))
  local short, message = compile("return 'a\\" .. eol .. "b'", "=x")
  if short then print("short", short():byte(1, -1)) else print("short", (message:gsub("%c", "?"))) end
end
