-- lua: 5.1-5.5

-- 5.1 has no \x and takes the letter as it is.
local compile = loadstring or load
for _, body in ipairs{"\\x41\\x4a\\x4A", "\\x00z", "\\xff", "\\x414", "\\x4", "\\x", "\\xg0", "\\x4g", "\\X41"} do
  local f, message = compile("return '" .. body .. "'", "=x")
  if f then print(body, f():byte(1, -1)) else print(body, message) end
end
