-- lua: 5.1-5.5

local compile = loadstring or load
local bytes = {}
for i = 0, 255 do bytes[#bytes + 1] = string.char(i) end
local all = table.concat(bytes)
local quoted = string.format("%q", all)
local back = compile("return " .. quoted)()
print(#quoted, back == all)
local wrong = {}
for i = 0, 255 do
  local f = compile("return [[a" .. string.char(i) .. "b]]")
  if not f or f() ~= "a" .. string.char(i) .. "b" then wrong[#wrong + 1] = i end
end
print(table.concat(wrong, " "))
