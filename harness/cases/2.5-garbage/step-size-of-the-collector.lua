-- lua: 5.5

-- by default 200 times the size of a table
print(collectgarbage("param", "stepsize"))
