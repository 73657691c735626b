-- lua: 5.1-5.5

do end
while false do end
repeat until true
if true then end
if false then elseif true then else end
for i = 1, 3 do end
for k in pairs{} do end
local function f() end
print(f(), select("#", f()), (f()))
do do do local x = 1 print(x) end end end
do return print("return ends the script") end
print "never"
