-- lua: 5.1-5.5
-- files: yes

print(loadfile("files"))
print(pcall(dofile, "files"))
