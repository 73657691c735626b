# with a comment
print("ran", debug.getinfo(1, "l").currentline)
