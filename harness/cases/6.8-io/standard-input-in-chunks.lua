-- lua: 5.1-5.5
-- stdin: 0123456789abcdef\n

repeat
  local chunk = io.read(5)
  print(chunk and #chunk, chunk)
until not chunk
print(io.read(0), io.stdin:read("*a"))
