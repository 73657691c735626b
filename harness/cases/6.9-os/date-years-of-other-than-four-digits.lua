-- lua: 5.1-5.5

-- A known difference. The C library of the sandbox writes a sign and pads years.
print(os.date("!%Y-%m-%d", 253402300800), os.date("!%Y", -33756825600))
print(os.date("!%Y", -62198755200))
