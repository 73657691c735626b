-- A producer and a consumer: a yield and a resume for each value.
function bench()
  local producer = coroutine.wrap(function()
    for i = 1, 200000 do coroutine.yield(i) end
  end)
  local sum = 0
  for i in producer do sum = sum + i end
  return sum
end
