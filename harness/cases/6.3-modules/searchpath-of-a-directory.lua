-- lua: 5.2-5.5
-- files: yes

-- fopen for reading opens a directory on Linux.
print(package.searchpath("files", "?"))
print(package.searchpath("files", "?/"))
print(package.searchpath("files", "./?"))
