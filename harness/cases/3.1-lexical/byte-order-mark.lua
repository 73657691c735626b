-- a byte-order mark, which 5.1 does not know
print("ran", debug.getinfo(1, "l").currentline)
