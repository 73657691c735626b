-- lua: 5.1-5.5

local co = coroutine.wrap(function()
  coroutine.yield "yielded"
  os.exit(5)
end)
print(co())
co()
print "never"
