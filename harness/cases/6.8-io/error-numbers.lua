-- lua: 5.1-5.5
-- files: yes

-- Programs compare the numbers with those of their system.
local function number(...) print((select(3, ...))) end
io.open("files/x", "w"):close()
number(io.open("files/y"))
number(io.open(""))
number(io.open("files/x/y"))
number(io.open("files", "w"))
number(io.open(("n"):rep(300)))
number(io.open("files"):read(1))
number(io.open("files/x"):write("x"))
number(os.remove("files/y"))
number(os.rename("files/y", "files/z"))
number(os.rename("files/x", "files/x/y"))
