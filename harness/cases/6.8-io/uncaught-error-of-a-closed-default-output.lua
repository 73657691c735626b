-- lua: 5.1-5.5
-- files: yes

local function say(...) io.write(...) end
say("to the terminal\n")
io.output("files/x")
say("to the file\n")
io.close()
say("to nowhere\n")
