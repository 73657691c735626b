-- lua: 5.1-5.5

local Account = {}
Account.__index = Account
function Account.new(class, o) o = o or {}; class.__index = class; return setmetatable(o, class) end
function Account:deposit(v) self.balance = (self.balance or 0) + v; return self end
function Account:withdraw(v)
  if v > (self.balance or 0) then error("insufficient funds", 2) end
  self.balance = self.balance - v
end
local Special = Account:new({limit = 100})
function Special:withdraw(v) if v - (self.balance or 0) >= self.limit then error("over the limit", 2) end self.balance = (self.balance or 0) - v end
local a, s = Account:new(), Special:new()
a:deposit(100):deposit(50); s:deposit(10); s:withdraw(50)
print(a.balance, s.balance, rawget(s, "limit"), s.limit, getmetatable(s) == Special)
print(pcall(function() a:withdraw(200) end))
print(pcall(Account.deposit, nil, 5))
local function spend() s:withdraw(1000) end
spend()
