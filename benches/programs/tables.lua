-- A sieve and a histogram: growing arrays and hashed integers.
function bench()
  local limit, composite, primes = 200000, {}, {}
  for i = 2, limit do
    if not composite[i] then
      primes[#primes + 1] = i
      for j = i * i, limit, i do composite[j] = true end
    end
  end
  local gaps = {}
  for i = 2, #primes do
    local gap = "gap" .. (primes[i] - primes[i - 1])
    gaps[gap] = (gaps[gap] or 0) + 1
  end
  return #primes, gaps.gap2
end
