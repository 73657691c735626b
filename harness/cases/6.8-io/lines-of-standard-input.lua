-- lua: 5.1-5.5
-- stdin: a\n\nb c\n\xe4\x00z\nlast

for line in io.lines() do
  print(#line, (line:gsub("[%c\128-\255]", function(c) return "<" .. c:byte() .. ">" end)))
end
print(io.type(io.stdin), io.read())
print(pcall(io.lines()))
