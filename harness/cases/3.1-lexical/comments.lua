-- lua: 5.1-5.5

print(1) -- to the end of the line
print(--[[inside]] 2 --[==[ ]] ]==] )
--[[ several
lines ]] print(3)
--[==[
print "not this"
--]==]
---[[ a line comment only
print(4)
--]]
--[=x not a long bracket
print(5)
--
print(#"-- not a comment")
local compile = loadstring or load
print(compile("--")(), compile("--[[]]")(), compile("return 3 -- x")(), compile("return 4 --[[ x ]]")(), compile("")())
