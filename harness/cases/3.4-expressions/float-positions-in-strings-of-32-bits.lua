-- lua: 5.4-5.5

-- Positions from 2^32 on: nothing is there. (A size of 32 bits must not cut them.)
local s = "hello"
for _, n in ipairs{2^31, 2^32, 2^32 + 1, 2^32 + 3, 2^40 + 2, math.maxinteger, math.mininteger} do
  print(n, #s:sub(n), #s:sub(1, n), s:byte(n), s:find("l", n), s:match("l", n))
end
