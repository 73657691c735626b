-- lua: 5.1

print(tonumber(("f"):rep(17), 16), tonumber("-" .. ("f"):rep(15), 16))
print(tonumber(("f"):rep(18), 16))
print(tonumber(("z"):rep(13), 36))
print(tonumber(("z"):rep(14), 36))
