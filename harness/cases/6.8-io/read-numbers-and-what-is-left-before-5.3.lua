-- lua: 5.1-5.2
-- files: yes

-- how much of a file a number takes is up to the C library's scanf
local function try(text)
  local f = io.open("files/n", "wb")
  f:write(text)
  f:close()
  f = io.open("files/n", "rb")
  local shown = {}
  for i = 1, 3 do
    local n = f:read("*n")
    shown[i] = tostring(n)
    if not n then break end
  end
  print((text:gsub("%c", "~")), table.concat(shown, " "), "rest: " .. f:read("*a"):gsub("%c", "~"))
  f:close()
end
for _, text in ipairs {
  "1.2exyz\n1e\n", "1e\n5", "1e", "1e+", "1e+x", "1e-5x", "1e--5", "1E5", "1ee5", "1e5e5", "1.e5", "1.e", ".5", ".", "..5", ".e5",
  "-", "+", "-x", "- 1", "+-1", "--1", "-.5", "-.", "0", "00", "-0", "0.", "0x", "0xg", "0x1", "0X1F", "-0x10", "0x.8", "0x.", "0x1p4", "0x1p", "0x1p+", "0x1P-1z", "0x1e5", "0x1.8p1.5", "0xp1",
  "1 2 3", "1,2", "1;2", "1 x 2", "12abc", "1.2.3", "1..2", "1-2", "1+2",
  "nothing", "n", "na", "nan5", "NaN 1", "-nan", "nan(1)", "i", "in", "inf", "INF 1", "-inf", "inf5", "infx", "infi", "infin", "infinity", "Infinityx", "-infinite",
  "1e400 1", "1e-400 1", "4.9e-324", "0.1", "9007199254740993", "\t\n\v\f\r 7", "", " ", "x 1", "1\0002",
} do
  try(text)
end
try(("1"):rep(400) .. " 2")
try("0." .. ("0"):rep(1000) .. "1 2")
try((" "):rep(5000) .. "8")
