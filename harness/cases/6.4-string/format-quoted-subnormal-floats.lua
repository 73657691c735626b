-- lua: 5.3-5.5

for _, x in ipairs{2^-1074, 2^-1030} do
  local text = string.format("%q", x)
  print(text, load("return " .. text)() == x)
end
