-- lua: 5.1-5.5

local function loop(limit)
  for i = 1, limit do
    print(i)
  end
end
loop(2)
loop({})
