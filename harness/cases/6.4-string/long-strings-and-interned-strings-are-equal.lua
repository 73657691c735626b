-- lua: 5.1-5.5

for _, n in ipairs{0, 1, 39, 40, 41, 100, 5000} do
  local a, b = ("x"):rep(n), ("x"):rep(n)
  local t = {[a] = n}
  print(n, a == b, t[b], rawequal(a, b), a < b .. "y", t[b .. "z"])
end
local z = ("\0"):rep(50)
print(z == ("\0"):rep(50), z == ("\0"):rep(51), z < z .. "\0", #z, ({[z] = 1})[("\0"):rep(25) .. ("\0"):rep(25)])
