-- lua: 5.2-5.5
-- files: yes

local function save(name, mode, text)
  local f = io.open(name, mode)
  f:write(text)
  f:close()
end
save("files/x", "w", "ok")
print(io.open("files/x"):read("*a"))
save("files/x", "write", "no")
