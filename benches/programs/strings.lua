-- Words: formatting, concatenation, patterns and substitution.
function bench()
  local words = {}
  for i = 1, 12000 do
    words[i] = string.format("%s-%05d:%4.1f", i % 3 == 0 and "fizz" or "buzz", i, i / 7)
  end
  local text = table.concat(words, " ")
  local count, letters = 0, 0
  for name, number in text:gmatch("(%a+)%-(%d+)") do
    count = count + tonumber(number)
    letters = letters + #name
  end
  local swapped = text:gsub("fizz", "FIZZ"):gsub("%d%d", function(d) return d:reverse() end)
  local found = 0
  for i = 1, #swapped, 100 do
    if swapped:find("FIZZ", i, true) then found = found + swapped:byte(i) end
  end
  return count, letters, found, swapped:upper():sub(1, 10)
end
