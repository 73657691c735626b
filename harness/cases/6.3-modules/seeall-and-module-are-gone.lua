-- lua: 5.3-5.5

print(module, package.seeall, package.loaders, setfenv, getfenv)
module("x")
