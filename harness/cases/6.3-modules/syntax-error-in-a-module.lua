-- lua: 5.1-5.5
-- files: yes

local f = assert(io.open("files/broken.lua", "w")) f:write("local x = \nreturn x x") f:close()
package.path = "files/?.lua"
print(pcall(require, "broken"))
print(package.loaded.broken)
print(loadfile("files/broken.lua"))
f = assert(io.open("files/empty.lua", "w")) f:close()
print(require "empty", package.loaded.empty)
f = assert(io.open("files/hash.lua", "w")) f:write("#!/usr/bin/lua\nreturn 'after the first line'") f:close()
print((require "hash"))
f = assert(io.open("files/binary.lua", "wb")) f:write(string.dump(function (...) return "binary " .. (...) end)) f:close()
print((require "binary"))
