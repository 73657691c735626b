-- lua: 5.1-5.5
-- files: yes

local f = io.open("files/x", "w")
f:write("pending")
if newproxy then
  local p = newproxy(true)
  getmetatable(p).__gc = function() print("collector", io.type(f)) end
  keep = p
else
  keep = setmetatable({}, {__gc = function() print("collector", io.type(f)) end})
end
print("end of script")
