-- lua: 5.1-5.5

-- A known difference. Messages are those of another C library.
print((select(2, io.stdout:seek())))
