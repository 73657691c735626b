-- lua: 5.1-5.5

local Stack = {}
Stack.__index = Stack
function Stack.new() return setmetatable({items = {}}, Stack) end
function Stack:push(...) table.insert(self.items, ...) end
local s = Stack.new()
s:push("a")
s:push(1, "b")
print(#s.items)
s:push(1, 2, 3)
