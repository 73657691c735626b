-- lua: 5.1-5.5

local function none() end
local function three() return 1, 2, 3 end
print(none()) print((none())) print(three()) print((three())) print(three(), "x") print("x", three()) print(three(), three())
print(select("#", none()), select("#", (none())), select("#", none(), none()), select("#", three(), none()))
local t = {three(), three()} print(#t)
local a, b, c, d = three() print(a, b, c, d)
a, b = three(), 10 print(a, b)
print(three() + 10, -three(), three() .. "", not three(), #{three()}, three() == 1, three() and none())
for i, v in ipairs{none(), three()} do io.write(i, "=", tostring(v), " ") end print()
print(pcall(three)) print(pcall(none)) print((pcall(three)))
return three()
