-- Protected calls, one in ten of which fails.
local function risky(i)
  if i % 10 == 0 then error("failed") end
  return i
end

function bench()
  local good, bad = 0, 0
  for i = 1, 150000 do
    if pcall(risky, i) then good = good + 1 else bad = bad + 1 end
  end
  return good, bad
end
