-- lua: 5.1-5.5

print "a value returned by the script changes nothing"
return false
