-- lua: 5.1-5.5
-- stdin: print("from standard input", ...)\nreturn 1, 2\n

print(dofile())
