-- lua: 5.2-5.5

-- C does not say which argument is checked first.
print(pcall(package.searchpath))
