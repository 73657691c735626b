-- lua: 5.1-5.5

local mt = getmetatable("")
local old = mt.__index
mt.__index = function (s, k) if type(k) == "number" then return old.sub(s, k, k) end return old[k] end
print(("hello")[1], ("hello")[-1], ("hello")[9], ("hello"):len())
mt.__call = function (s, a, b) return old.sub(s, a, b) end
print(("hello")(2, 3), pcall("x", 1))
mt.__concat = function (a, b) return type(a) .. "+" .. type(b) end
print("a" .. {}, {} .. "b", "a" .. "b")
mt.__unm = function (a) return old.reverse(a) end
print(-"abc", -"12", -"0x10")
mt.__len = function () return 99 end
print(#"abc")
mt.__index = nil
print(pcall(function () return ("x").len end))
