-- lua: 5.1-5.5
-- stdin: error({})\nprint("still here")\ncont\n

debug.debug()
print("after")
