-- A string of 100 MB.
local parts = {}
local piece = ("0123456789"):rep(1000)
for i = 1, 10000 do parts[i] = piece end
local s = table.concat(parts) parts = nil
local sum = 0
for i = 1, #s, 99991 do sum = (sum * 31 + s:byte(i)) % 1000000007 end
print(#s, sum, s:sub(-5), s:find("90", 99999990, true))
