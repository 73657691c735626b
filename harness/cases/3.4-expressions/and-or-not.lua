-- lua: 5.1-5.5

print(10 or 20, 10 or error(), nil or "a", nil and 10, false and error(), false and nil, false or nil, 10 and 20)
print(not nil, not false, not 0, not not 1, not "", not {} == false)
print(1 and 2 or 3, nil and 2 or 3, 1 and nil or 3, false or false or 0, 1 and 2 and 3)
local function say(x, v) io.write(x, " ") return v end
local _ = say("a", true) and say("b", false) and say("c", true) or say("d", nil) or say("e", 5)
print(_)
local x, y = nil, 5
print(x and x.field, y or x.field, (x or {}).field, not x and y, not (x and y), x == nil and "default")
local v = x ~= nil or y == 5 and "yes" print(v)
