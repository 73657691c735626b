-- lua: 5.1-5.5
-- files: yes

local function move(from, to) assert(os.rename(from, to)) end
io.open("files/a", "w"):close()
move("files/a", "files/b")
print(io.type(io.open("files/b")))
local ok, message = pcall(move, "files/a", "files/c")
print(ok, message)
move("files/a", "files/c")
