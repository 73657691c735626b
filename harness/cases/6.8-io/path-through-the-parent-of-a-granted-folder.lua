-- lua: 5.1-5.5
-- files: yes

-- A path may lead out of the folder where it comes back.
io.open("files/x", "w"):close()
print(io.open("files/../files/x") ~= nil)
print((select(2, io.open("files/../files/y"))))
