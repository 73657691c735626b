-- lua: 5.1-5.5

-- A known difference. There is one locale, C.
print(os.setlocale("C.UTF-8"))
