-- lua: 5.2-5.5

local Queue = {}
Queue.__index = Queue
function Queue:take(at)
  local item = table.remove(self.items, at)
  return item
end
local q = setmetatable({items = {"a", "b"}}, Queue)
print(q:take(1))
local function drain(queue)
  local item = queue:take(7)
  return item
end
drain(q)
