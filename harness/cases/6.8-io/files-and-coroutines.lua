-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
for i = 1, 5 do f:write("line ", i, "\n") end
f:close()
local reader = coroutine.wrap(function()
  for line in io.lines("files/x") do coroutine.yield(line) end
  return "finished"
end)
for i = 1, 6 do print(reader()) end
print(pcall(reader))
