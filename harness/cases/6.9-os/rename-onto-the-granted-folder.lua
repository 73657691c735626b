-- lua: 5.1-5.5
-- files: yes

io.open("files/x", "w"):close()
print((select(2, os.rename("files/x", "files")):gsub("^.*: ", "")))
