-- lua: 5.1-5.5

print "about to fail"
error()
