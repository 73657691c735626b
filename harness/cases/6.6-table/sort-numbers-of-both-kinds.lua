-- lua: 5.3-5.5

local t = {2^53, 2^53 + 1, math.maxinteger, math.maxinteger + 0.0, math.mininteger, 1, 0.5, -0.5, 2^63,
           9007199254740993, 9007199254740992.0, -1, math.huge, -math.huge}
table.sort(t)
for _, v in ipairs(t) do print(math.type(v), v) end
