-- lua: 5.1-5.5
-- a byte-order mark, which 5.1 does not know
print("ran", pcall(function() error("the second line") end))
