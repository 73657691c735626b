-- lua: 5.1-5.5

local compile = loadstring or load
for _, eol in ipairs{"\n", "\r", "\r\n", "\n\r", "\n\n", "\r\r", "\r\n\r\n", "\n\r\r"} do
  local f = assert(compile("local a" .. eol .. "local b" .. eol .. "error('here')", "=x"))
  print(eol:byte(1, -1))
  print(select(2, pcall(f)))
end
