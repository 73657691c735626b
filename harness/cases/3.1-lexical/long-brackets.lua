-- lua: 5.1-5.5

print([[]], [==[]==], [[a]], [=[a]]b]=], [==[a]=]b]==])
print(#[[

a
]], #[[
]], [[\n\0]], #[[\n\0]])
print([==[
first line break is skipped]==])
local t = {1, 2}
local i = {2}
print(t[i[1]], t[ [[x]] ], #[=[]]=], [===[]==]===])
local f = loadstring or load
print(f("return a[[x]]", "=x") and "a call with a long string")
print(f("local t = {} return t[[[x]]]", "=x"))
