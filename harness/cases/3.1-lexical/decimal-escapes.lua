-- lua: 5.1-5.5

print(("\0"):byte(), ("\65\066\0677"):byte(1, -1))
print(#"\0\00\000\0000", ("\0\00\000\0000"):byte(1, -1))
print(("\255\128\1"):byte(1, -1))
print("\49\50\51", "\0491")
local compile = loadstring or load
for _, code in ipairs{"return '\\256'", "return '\\300x'", "return '\\999'", "return '\\2555'"} do
  local f, message = compile(code, "=x")
  print(code, f and f():byte(1, -1) or message)
end
