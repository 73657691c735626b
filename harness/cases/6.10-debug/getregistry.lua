-- lua: 5.1-5.5

local r = debug.getregistry()
print(type(r), r == debug.getregistry(), type(r._LOADED), r._LOADED == package.loaded)
print(debug.getmetatable(io.stdout) == r["FILE*"])
if _VERSION ~= "Lua 5.1" then print(type(r[1]) , type(r[2])) end
