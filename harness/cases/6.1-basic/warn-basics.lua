-- lua: 5.4-5.5

warn("@on")
warn("one") warn("one", " two", " three")
warn("@off") warn("none")
print(pcall(warn, 1, {}))
print(select("#", warn("x")))
