-- lua: 5.1-5.5

local co = coroutine.wrap(function()
  coroutine.yield(1)
  io.write("leaving")
  os.exit(10)
end)
co()
co()
print("never")
