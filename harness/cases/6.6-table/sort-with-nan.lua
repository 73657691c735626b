-- lua: 5.2-5.5

local nan = 0/0
local t = {3, nan, 1, nan, 2}
local ok, message = pcall(table.sort, t)
print(ok, message)
local counts = {nan = 0, other = 0}
for i = 1, 5 do
  if t[i] ~= t[i] then counts.nan = counts.nan + 1 else counts.other = counts.other + t[i] end
end
print(counts.nan, counts.other)
