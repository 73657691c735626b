-- lua: 5.2

print(unpack({1, 2, 3}, 2), unpack == table.unpack)
print(loadstring("return 1 + 1", "=chunk")())
print(pcall(loadstring, nil))
print(loadstring("return +", "=chunk"))
print(math.log10(1000), math.log10(0))
print(table.maxn({1, 2, nil, 4, [10.5] = true}), table.maxn({}), table.maxn({x = 1}))
print(package.loaders == package.searchers, #package.loaders, type(package.seeall))
