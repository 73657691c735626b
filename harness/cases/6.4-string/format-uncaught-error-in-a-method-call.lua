-- lua: 5.1-5.5

local Account = {}
Account.__index = Account
function Account:report() return ("%s owns %d"):format(self.name, self.balance) end
local function report_all(list)
  for _, a in ipairs(list) do print(a:report()) end
end
local function new(name, balance) return setmetatable({name = name, balance = balance}, Account) end
report_all{new("Ann", 10), new("Bob", "12"), new("Cy", "twelve")}
