-- lua: 5.3-5.5

print(os.difftime(math.maxinteger, math.mininteger))
