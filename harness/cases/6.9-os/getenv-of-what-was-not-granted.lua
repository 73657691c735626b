-- lua: 5.1-5.5

-- A known difference. Variables are seen only when granted.
print(type(os.getenv("HOME")))
