-- Two million yields.
local function numbers(n) for i = 1, n do coroutine.yield(i) end return "end" end
local c, sum = coroutine.wrap(numbers), 0
for i = 1, 2000000 do sum = sum + c(2000000) end
print(string.format("%.0f", sum), c())
