-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
f:write("a\nb\n")
f:close()
f = io.open("files/x")
local function each(g, visit) for line in g:lines() do visit(line) end end
each(f, function(line)
  print(line)
  f:close()
end)
