-- lua: 5.2-5.5

xpcall(error, function(e) print("handler", e) os.exit(true) end, "oops", 0)
print("not reached")
