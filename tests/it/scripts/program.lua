-- A program of ordinary size: words, closures, classes, JSON-like text, queens, primes.
local Account = {} Account.__index = Account
function Account.new(b) return setmetatable({balance = b}, Account) end
function Account:deposit(v) self.balance = self.balance + v return self end
local Special = setmetatable({}, {__index = Account}) Special.__index = Special
function Special.new(b) return setmetatable(Account.new(b), Special) end
function Special:deposit(v) Account.deposit(self, v * 2) return self end
print(Account.new(10):deposit(5).balance, Special.new(10):deposit(5).balance)
local function encode(v) local t = type(v)
  if t == "table" then local keys, out = {}, {} for k in pairs(v) do keys[#keys + 1] = tostring(k) end table.sort(keys)
    for _, k in ipairs(keys) do local x = v[k] if x == nil then x = v[tonumber(k)] end out[#out + 1] = ("%q:%s"):format(k, encode(x)) end return "{" .. table.concat(out, ",") .. "}"
  elseif t == "string" then return ("%q"):format(v) else return tostring(v) end end
print(encode {a = 1, b = {true, false, "x\ny"}, [3] = {}, c = {d = {e = "deep"}}})
local N, solutions = 8, 0
local function place(row, cols, d1, d2) if row > N then solutions = solutions + 1 return end
  for c = 1, N do if not cols[c] and not d1[row + c] and not d2[row - c] then cols[c], d1[row + c], d2[row - c] = true, true, true place(row + 1, cols, d1, d2) cols[c], d1[row + c], d2[row - c] = nil, nil, nil end end end
place(1, {}, {}, {}) print(solutions)
local sieve, primes = {}, 0 for i = 2, 200000 do if not sieve[i] then primes = primes + 1 for j = i * i, 200000, i do sieve[j] = true end end end print(primes)
local text = ("the quick brown fox jumps over the lazy dog "):rep(500) local counts = {} for w in text:gmatch("%a+") do counts[w] = (counts[w] or 0) + 1 end
local words = {} for w, n in pairs(counts) do words[#words + 1] = w .. n end table.sort(words) print(table.concat(words, " "))
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end print(fib(24))
local memo = setmetatable({}, {__index = function(t, n) local v = n < 3 and 1 or t[n - 1] + t[n - 2] t[n] = v return v end}) print(string.format("%.0f", memo[70]))
local s = 0 for i = 1, 300 do local t = {} for j = 1, 300 do t[j] = i * j end s = s + #t + t[300] end print(s)
