-- lua: 5.1-5.5

local methods = getmetatable(io.stdout).__index
for _, name in ipairs{"close", "flush", "lines", "read", "seek", "setvbuf", "write"} do
  for _, value in ipairs{"text", {}, 5} do print(name, pcall(methods[name], value)) end
  print(name, pcall(methods[name]))
  print(name, pcall(methods[name], nil))
end
