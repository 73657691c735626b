-- lua: 5.1-5.5
-- files: yes

local f = assert(io.open("files/chunk.lua", "w"))
f:write("local got = coroutine.yield('in the file', ...) return got, 'end of file'")
f:close()
print(coroutine.resume(coroutine.create(function() return dofile("files/chunk.lua") end)))
local co = coroutine.create(function() return pcall(dofile, "files/chunk.lua") end)
print(coroutine.resume(co))
print(coroutine.resume(co, "value"))
package.path = "files/?.lua"
local co = coroutine.create(function() return pcall(require, "chunk") end)
print(coroutine.resume(co))
print(package.loaded.chunk)
