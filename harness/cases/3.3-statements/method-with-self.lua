-- lua: 5.1-5.5

local Account = {}
Account.__index = Account
function Account.new(balance) return setmetatable({balance = balance}, Account) end
function Account:deposit(n) self.balance = self.balance + n return self end
function Account:withdraw(n)
  if n > self.balance then error("insufficient funds: " .. self.balance) end
  self.balance = self.balance - n
  return self
end
local a = Account.new(100)
print(a:deposit(50):withdraw(30).balance)
print(pcall(a.withdraw, a, 1000))
print(pcall(a.deposit, nil, 1))
print(pcall(a.deposit, 5, 1))
print(pcall(function() a.deposit(5) end))
print(pcall(function() a:close() end))
