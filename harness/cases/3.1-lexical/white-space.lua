-- lua: 5.1-5.5

local compile = loadstring or load
for _, c in ipairs{" ", "\t", "\n", "\v", "\f", "\r", "\0", "\160", "\8"} do
  local f, message = compile("return" .. c .. "1" .. c .. "+" .. c .. "1", "=x")
  print(c:byte(), f and f() or (message:gsub("[^\32-\126]", "?")))
end
