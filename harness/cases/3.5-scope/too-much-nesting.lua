-- lua: 5.1-5.5

local compile = loadstring or load
local function try(name, open, inner, close)
  local low, high = 1, 1000
  while low < high do
    local n = math.floor((low + high + 1) / 2)
    if compile(open:rep(n) .. inner .. close:rep(n), "=x") then low = n else high = n - 1 end
  end
  print(name, low, (select(2, compile(open:rep(low + 1) .. inner .. close:rep(low + 1), "=x"))))
end
try("do", "do ", "", " end")
try("while", "while x do ", "", " end")
try("if", "if x then ", "", " end")
try("for", "for i = 1, 2 do ", "", " end")
