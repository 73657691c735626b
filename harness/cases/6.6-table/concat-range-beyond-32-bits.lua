-- lua: 5.1-5.5

print(pcall(table.concat, {1, 2}, "", 2^40 + 1, 2^40))
