-- lua: 5.3-5.5

-- A known difference. 5.3 natively prints only the low 32 bits of the index.
print(pcall(table.concat, {}, "", 2^31 | 0, 2^31 | 0))
