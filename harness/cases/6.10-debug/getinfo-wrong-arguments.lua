-- lua: 5.1-5.5

print(pcall(debug.getinfo))
print(pcall(debug.getinfo, nil))
print(pcall(debug.getinfo, "x"))
print(pcall(debug.getinfo, {}))
print(pcall(debug.getinfo, print, "X"))
print(pcall(debug.getinfo, print, "nSX"))
print(pcall(debug.getinfo, print, {}))
print(pcall(debug.getinfo, print, ">S"))
print(debug.getinfo(100), debug.getinfo(-1), debug.getinfo(1000000, "S"))
print(select("#", debug.getinfo(100)))
