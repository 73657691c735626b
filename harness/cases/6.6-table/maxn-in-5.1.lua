-- lua: 5.1

print(table.maxn{}, table.maxn{1, 2, 3}, table.maxn{[10] = 1, [2.5] = 1}, table.maxn{[-5] = true})
print(table.maxn{[1e100] = true}, table.maxn{[math.huge] = 1}, table.maxn{x = 1, ["7"] = 2})
print(table.maxn{nil, nil, 3}, table.maxn{[0.5] = 1})
print(pcall(table.maxn))
print(pcall(table.maxn, 5))
