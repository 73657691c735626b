-- lua: 5.1-5.5

local compile = loadstring or load
local a,b=1,2 local c=a+b;print(c)if a<b then print"less"end
local t={f=function()return{n=9}end}print(t.f().n..'')print(#t,t["f"]~=nil,a..b,a.."."..b)
print(compile("return a...b", "=x"))
print(compile("return 1 ..2", "=x")())
print(compile("a===b", "=x"))
print(compile("return 1~=2,3~=3", "=x")())
print(compile("a!=b", "=x"))
print(compile("return 0and 1", "=x"))
