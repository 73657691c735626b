-- lua: 5.1-5.5

-- Tokens that are new in some version, and what the older say.
local compile = loadstring or load
for _, code in ipairs{"return 7 // 2", "return 7 & 2", "return 7 | 8", "return 7 ~ 2", "return ~7", "return 1 << 4", "return 256 >> 4",
  "::x:: return 'label'", "return 7 % -3", "return 1 < < 2", "local x <const> = 1 return x", "return -- 1"} do
  local f, message = compile(code, "=x")
  if f then print(code, f()) else print(code, message) end
end
