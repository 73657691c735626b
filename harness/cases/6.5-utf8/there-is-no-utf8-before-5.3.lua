-- lua: 5.1-5.2

print(utf8, package.loaded.utf8, #"\195\164")
print(utf8.len("ä"))
