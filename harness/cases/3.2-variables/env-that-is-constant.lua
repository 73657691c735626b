-- lua: 5.4-5.5

local print, pcall, load = print, pcall, load
print(pcall(function() local _ENV <const> = nil; c() end))
print(pcall(function() local _ENV <const> = {c = 5}; return c end))
print(pcall(function() local _ENV <const> = {}; c = 6; return _ENV.c end))
print(load("local _ENV <const> = {}; _ENV = {}", "=x"))
print(pcall(function() local _ENV <const> = 5; return c end))
