-- lua: 5.1-5.5

local log = {}
local mt = {}
for _, name in ipairs{"add", "sub", "mul", "div", "mod", "pow", "unm", "idiv", "band", "bor", "bxor", "bnot", "shl", "shr", "concat", "len"} do
  mt["__" .. name] = function(a, b) return name .. ":" .. type(a) .. "," .. type(b) end
end
local o = setmetatable({}, mt)
local compile = loadstring or load
for _, code in ipairs{"o + 1", "1 - o", "o * 'x'", "'1' / o", "o % o", "nil ^ o", "-o", "o // 2", "2 // o", "o & 1", "1.5 | o", "o ~ 's'", "~o", "o << 1", "1 >> o", "o .. 1", "1 .. o", "#o",
  "o + 1.5", "1.5 + o", "-5 + o", "o - 300", "300 - o", "o + o", "true + o"} do
  local f, message = compile("local o = ... return " .. code, "=x")
  print(code, f and f(o) or message)
end
