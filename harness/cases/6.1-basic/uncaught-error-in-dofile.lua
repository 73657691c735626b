-- lua: 5.1-5.5
-- files: yes

local f = assert(io.open("files/lib.lua", "w"))
f:write("local function helper()\n  error('from the file')\nend\nlocal x = helper()\n")
f:close()
local function load_it() local r = dofile("files/lib.lua") return r end
load_it()
