-- lua: 5.1-5.5

-- A known difference. Error numbers are those of WASI.
print(io.open("missing", "r"))
