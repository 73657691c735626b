-- lua: 5.1-5.5

print(pcall(string.find, "", "a%"))
print(pcall(string.find, "b", "a("))
print(pcall(string.find, "b", "a["))
print(pcall(string.find, "", "["))
print(pcall(string.match, "b", "ax)"))
print(pcall(string.gsub, "b", "a%f", "%9"))
print(pcall(string.gmatch, "b", "a%"))
print(pcall(string.gmatch("b", "b%"), nil))
print(pcall(string.find, "a", "a%", 1, true))
print(pcall(string.find, "a", "a%", 5))
