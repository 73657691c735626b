-- lua: 5.1-5.2

-- What a 64-bit machine makes of them when a library wants an integer.
local s = "hello"
for _, n in ipairs{2^31, 2^32, 2^32 + 2, 2^53, 2^62} do
  print(n, s:sub(n), s:sub(1, n), s:sub(-n, n), (s:find("l", n)))
end
