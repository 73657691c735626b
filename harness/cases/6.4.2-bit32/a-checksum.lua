-- lua: 5.2-5.3

local function crc32(s)
  local crc = 0xFFFFFFFF
  for i = 1, #s do
    crc = bit32.bxor(crc, s:byte(i))
    for _ = 1, 8 do crc = bit32.bxor(bit32.rshift(crc, 1), bit32.band(0xEDB88320, -bit32.band(crc, 1))) end
  end
  return bit32.bnot(crc)
end
print(("%08x"):format(crc32("")), ("%08x"):format(crc32("123456789")), ("%08x"):format(crc32("\0\255\128")))
local h = 2166136261
for c in ("hello"):gmatch(".") do h = bit32.bxor(h, c:byte()); h = bit32.band(h * 403 + bit32.lshift(h, 24), 0xFFFFFFFF) end
print(h)
local words = {}
for i = 0, 31 do words[#words + 1] = bit32.btest(0xDEADBEEF, bit32.lshift(1, i)) and "1" or "0" end
print(table.concat(words):reverse())
