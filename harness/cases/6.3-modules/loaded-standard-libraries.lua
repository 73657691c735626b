-- lua: 5.1-5.5

for _, name in ipairs{"_G", "coroutine", "debug", "io", "math", "os", "package", "string", "table"} do
  print(name, package.loaded[name] == _G[name], require(name) == _G[name])
end
print(package.loaded._G == _G, package.loaded.nothing, getmetatable(package.loaded), getmetatable(package))
