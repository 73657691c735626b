-- lua: 5.1-5.5
-- files: yes

print((select(2, io.open("files/x", "w"):read("*a"))))
