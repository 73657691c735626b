-- lua: 5.1-5.5

local zeros = ("0"):rep(150)
for _, s in ipairs{"1" .. zeros, zeros .. "1", "0." .. zeros .. "1", "1." .. zeros, "0x" .. ("f"):rep(40), "0." .. ("3"):rep(190), ("9"):rep(190), "1" .. zeros .. "e-150",
    "0." .. zeros .. "1e151", "0x0." .. ("0"):rep(100) .. "1", "0x1" .. ("0"):rep(100) .. "p-400", "12345678901234567890.12345678901234567890"} do
  local x = tonumber(s)
  print(#s, x, x and string.format("%.17g", x))
end
