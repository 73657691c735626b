-- lua: 5.1-5.5

local s = ("abcdefghijklmnopqrstuvwxyz0123456789"):sub(1, 34)
for _, n in ipairs{1, 31, 32, 33} do
  local r = {pcall(string.match, s, ("(.)"):rep(n))}
  print(n, #r, r[1], r[2], r[#r])
end
for _, n in ipairs{32, 33} do
  local r = {pcall(string.find, s, ("()"):rep(n))}
  print(n, #r, r[1], r[2], r[#r])
  print(n, pcall(string.gsub, s, ("("):rep(n) .. "a" .. (")"):rep(n), "%1%9"))
end
