-- lua: 5.1-5.5

local function f(a, b) return a, b end
print(f(1)) print(f(1, 2, 3)) print(f()) print((f(1, 2)))
local compile = loadstring or load
for _, code in ipairs{"function(a, b) end", "function(a b) end", "function(1) end", "function(a,) end", "function(...) end", "function(a, ...) end", "function(..., a) end",
  "function(a.b) end", "function(self) end", "function a() end", "function(a = 1) end", "function() return end", "function(and) end", "function"} do
  local g, message = compile("return " .. code, "=x")
  print(code, g and type(g()) or message)
end
