-- lua: 5.1-5.5

print(_VERSION, type(_VERSION), #_VERSION)
_VERSION = "changed"
print(_VERSION, _G._VERSION)
