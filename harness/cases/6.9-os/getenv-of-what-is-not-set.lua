-- lua: 5.1-5.5

print(os.getenv("NO_SUCH_VARIABLE_HERE"), os.getenv(""), os.getenv("A=B"), os.getenv("\0"))
print(select("#", os.getenv("NO_SUCH_VARIABLE_HERE")))
print(pcall(os.getenv))
print(pcall(os.getenv, nil))
print(pcall(os.getenv, {}))
print(pcall(os.getenv, 12))
