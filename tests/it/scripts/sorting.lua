-- 300,000 numbers sorted, with and without a comparator.
local seed = 42
local function random() seed = (seed * 16807) % 2147483647 return seed end
local function check(t, before)
  local sum = 0
  for i = 1, #t do
    if i > 1 then assert(not before(t[i], t[i - 1])) end
    if i % 1000 == 0 then sum = (sum * 31 + t[i]) % 1000000007 end
  end
  print(#t, sum, t[1], t[#t])
end
local function fill(n) local t = {} for i = 1, n do t[i] = random() end return t end
local function less(a, b) return a < b end
local function more(a, b) return a > b end
local t = fill(300000) table.sort(t) check(t, less)
t = fill(300000) table.sort(t, more) check(t, more)
local s = {} for i = 1, 20000 do s[i] = string.format("%x", random()) end
table.sort(s) print(s[1], s[10000], s[20000])
print((pcall(table.sort, {3, "x", 1})))
print((pcall(table.sort, {3, 2, 1}, function() error("stop") end)))
print(pcall(table.sort, {1, 2, 3, nil, 5}, nil))
