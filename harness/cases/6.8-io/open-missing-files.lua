-- lua: 5.1-5.5
-- files: yes

for _, name in ipairs{"files/none", "nowhere/none", "none", "", "files/a/b", "./none"} do
  for _, mode in ipairs{"r", "r+", "rb"} do
    local f, message, code = io.open(name, mode)
    print(f, message, type(code))
  end
end
local f, message = io.open("nowhere/none", "w")
print(f, message)
