-- lua: 5.1-5.5

local function seen(name) return tostring(name) end
do local inDo = 1 end
if true then local inIf = 1 else local inElse = 1 end
while true do local inWhile = 1 break end
for inFor = 1, 1 do end
for inKey, inValue in pairs{1} do end
local function f(inParameter) local inFunction = 1 end
f(1)
print(seen(inDo), seen(inIf), seen(inElse), seen(inWhile), seen(inFor), seen(inKey), seen(inValue), seen(inParameter), seen(inFunction))
if false then elseif true then local a = "elseif" print(a) end
print(a)
