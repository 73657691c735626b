-- lua: 5.1-5.5
-- stdin: 1\n2\nx\n

local function numbers()
  while true do
    local line = io.read("*l")
    if not line then return end
    coroutine.yield(line * 2)
  end
end
for n in coroutine.wrap(numbers) do print(n) end
