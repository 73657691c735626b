-- lua: 5.1-5.5

os.exit(256)
