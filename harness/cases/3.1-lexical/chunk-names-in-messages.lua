-- lua: 5.1-5.5

local compile = loadstring or load
for _, name in ipairs{"=plain", "@file.lua", "a string", "two\nlines", "", "=", "@", "=" .. ("l"):rep(100), "@" .. ("l"):rep(100),
  ("s"):rep(100), ("s"):rep(40) .. "\nx", "\nx", "=a\0b"} do
  print((select(2, compile("x x", name))))
  print((select(2, pcall(assert(compile("error('e')", name))))))
end
print((select(2, compile("the code itself is the name"))))
