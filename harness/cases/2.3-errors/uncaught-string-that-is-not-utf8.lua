-- lua: 5.1-5.5

error("caf\233", 0)
