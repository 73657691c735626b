-- lua: 5.1-5.5

io.write(0, " ", -0.0, " ", 1, " ", 1.0, " ", 1.5, " ", 1e100, " ", 1/0, " ", -1/0, "\n")
io.write(2^31, " ", 2^53, " ", 2^63, " ", -2^63, " ", 0.1, " ", 1/3, " ", 123456789012345, "\n")
if math.maxinteger then io.write(math.maxinteger, " ", math.mininteger, "\n") end
io.write("", "a\0b", "\200\n")
io.write(table.concat({1, 2}, ","), "\n")
