-- lua: 5.1-5.5

local inf, nan = 1/0, 0/0
local function show(v) return v ~= v and "nan" or tostring(v) end  -- the sign of a NaN is the machine's own
print(inf, -inf, inf == 1/0, inf > 1e308, -inf < -1e308)
print(nan == nan, nan ~= nan, nan < nan, nan <= nan, nan > 1, nan < 1)
print(show(inf - inf), show(inf * 0), show(inf / inf), show(-nan), show(nan + 1), show(inf % 2))
print(inf + 1, -inf - 1, inf * -1, 1 / inf, 1 / -inf, show(5 % inf), show(-5 % inf), show(5 % -inf))
print(math.huge == inf, -math.huge == -inf, math.max(1, inf), math.min(1, -inf))
