-- lua: 5.1-5.5

local compile = loadstring or load
local function try(name, open, inner, close)
  local low, high = 1, 1000
  while low < high do
    local n = math.floor((low + high + 1) / 2)
    if compile("x = " .. open:rep(n) .. inner .. close:rep(n), "=x") then low = n else high = n - 1 end
  end
  print(name, low, (select(2, compile("x = " .. open:rep(low + 1) .. inner .. close:rep(low + 1), "=x"))))
end
try("parentheses", "(", "1", ")")
try("tables", "{", "1", "}")
try("functions", "function() return ", "1", " end")
try("minus", "- ", "1", "")
try("not", "not ", "1", "")
try("concat", "a .. ", "b", "")
try("power", "2 ^ ", "2", "")
try("calls", "f(", "1", ")")
try("index", "a[", "1", "]")
try("chain", "a + ", "1", "")
