-- lua: 5.1-5.5
-- files: yes

local function put(f, ...) f:write(...) end
local function dump(list)
  local f = io.open("files/x", "w")
  for i = 1, #list do put(f, i, "=", list[i], "\n") end
  f:close()
end
dump{1, "two", 3.5}
print(io.open("files/x"):read("*a"))
dump{1, {}}
