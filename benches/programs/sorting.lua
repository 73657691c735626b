-- Sorting numbers, then by a comparison written in Lua.
function bench()
  local seed, numbers = 42, {}
  for i = 1, 30000 do
    seed = (seed * 1103515245 + 12345) % 2147483648
    numbers[i] = seed
  end
  table.sort(numbers)
  table.sort(numbers, function(a, b) return a % 1000 < b % 1000 end)
  return numbers[1], numbers[#numbers]
end
