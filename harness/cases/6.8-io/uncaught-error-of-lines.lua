-- lua: 5.1-5.5

local function count(name)
  local n = 0
  for line in io.lines(name) do n = n + 1 end
  return n
end
local function main()
  local n = count("no-such-file.txt")
  print(n)
end
main()
