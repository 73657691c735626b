-- lua: 5.1-5.5

print(pcall(debug.getinfo, 1, ">S"))
