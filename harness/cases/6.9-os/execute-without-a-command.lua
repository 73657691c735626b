-- lua: 5.1-5.5

-- A known difference. There is no shell.
print(os.execute())
