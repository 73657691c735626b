-- lua: 5.1

local goto = {goto = "field"}
function goto.f() return "goto is only a name" end
print(goto.goto, goto.f())
print(loadstring("goto x ::x::", "=x"))
