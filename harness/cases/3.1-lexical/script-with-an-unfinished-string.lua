-- lua: 5.1-5.5

print "never printed"
local s = "no end
print(s)
