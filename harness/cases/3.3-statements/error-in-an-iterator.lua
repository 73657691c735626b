-- lua: 5.1-5.5

local function numbers(n)
  return function(_, i)
    if i >= n then error("iterator went past " .. n) end
    return i + 1
  end, nil, 0
end
local function sum()
  local s = 0
  for i in numbers(3) do
    s = s + i
    print(s)
  end
  return s
end
print(sum())
