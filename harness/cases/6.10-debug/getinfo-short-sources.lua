-- lua: 5.1-5.5

local load = loadstring or load
local function src(s, name) print((debug.getinfo(load(s, name), "S").short_src:gsub("\n", "|"))) end
src("return 1")
src("return 1\nreturn 2" == "" and "" or "local a = 1\nreturn a")
src("return " .. ("1 + "):rep(50) .. "1")
src("x = 1", "=" .. ("n"):rep(100))
src("x = 1", "@" .. ("path/"):rep(30) .. "file.lua")
src("x = 1", "")
src("x = 1", "=")
src("x = 1", "@")
src("x = 1", "\nfirst line empty")
src("x = 1", "=with\0zero")
print(#debug.getinfo(load("x = 1", "=" .. ("n"):rep(100)), "S").source)
