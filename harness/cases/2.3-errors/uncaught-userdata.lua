-- lua: 5.1-5.5

error(io.stdin)
