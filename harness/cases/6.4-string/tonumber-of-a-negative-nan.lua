-- lua: 5.1

print(tonumber("-nan"))
