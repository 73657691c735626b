-- Counts words on standard input and prints the most frequent ones.
--
--   luago-run guests/examples/wordcount.lua 5 < README.md

local most = tonumber((...)) or 10

local counts, lines, total, bytes = {}, 0, 0, 0
for line in io.lines() do
  lines = lines + 1
  bytes = bytes + #line + 1
  for word in line:lower():gmatch("%a[%a']*") do
    counts[word] = (counts[word] or 0) + 1
    total = total + 1
  end
end

local words = {}
for word in pairs(counts) do
  words[#words + 1] = word
end
table.sort(words, function(a, b)
  if counts[a] ~= counts[b] then
    return counts[a] > counts[b]
  end
  return a < b
end)

print(("%d lines, %d words, %d different, %d bytes"):format(lines, total, #words, bytes))
for i = 1, math.min(most, #words) do
  print(("%7d  %s"):format(counts[words[i]], words[i]))
end
