# with a comment
print("ran", pcall(function() error("the second line") end))
