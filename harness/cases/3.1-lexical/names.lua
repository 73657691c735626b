-- lua: 5.1-5.5

local _, _1, __index, aVeryLongNameThatGoesOnAndOn_0123456789 = 1, 2, 3, 4
local A, a = "upper", "lower"
print(_, _1, __index, aVeryLongNameThatGoesOnAndOn_0123456789, A, a)
local compile = loadstring or load
for _, name in ipairs{"1a", "a-b", "a b", "a.b", "a$", "\195\169t\195\169", "a@", "a`", "a\0b"} do
  print((select(2, compile("local " .. name .. " = 1 1", "=x"))))
end
