-- lua: 5.1-5.5

error("not enough memory", 0)
