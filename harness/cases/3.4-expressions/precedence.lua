-- lua: 5.1-5.5

print(2 + 3 * 4, (2 + 3) * 4, 2 * 3 % 4, 2 ^ 2 ^ 3, -2 ^ 2, 2 ^ -1, not 1 == 2, not (1 == 2), 1 .. 2 .. 3, 5 - 3 - 1, 100 / 10 / 5)
print(1 < 2 == true, "a" .. "b" == "ab", 1 + 1 .. "", 2 * 3 .. "", 1 or 2 and 3, nil and 1 or 2, 1 == 1 and 2 or 3, not nil and 1)
print(-3 % 5, -(3 % 5), 2 ^ 3 * 2, 2 * 2 ^ 3, -2 * -3, - - 2, #"abc" == 3, -#"abc", #"a" + #"bc" * 2, not not nil == nil)
local t = {f = function() return {g = 5} end} print(t.f().g ^ 2, -t.f().g, not t.f().g, #t.f())
