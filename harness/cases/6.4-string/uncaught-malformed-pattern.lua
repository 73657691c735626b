-- lua: 5.1-5.5

local function tokens(text, pattern)
  local list = {}
  for t in text:gmatch(pattern) do list[#list + 1] = t end
  return list
end
local function show(pattern)
  print(pattern, table.concat(tokens("a b c", pattern), "|"))
end
show("%a")
show("[%a")
