# with a comment
-- lua: 5.1-5.5
print("ran", pcall(function() error("the second line") end))
