-- lua: 5.1

-- 5.1 passes on whatever stands behind a percent sign
for _, time in ipairs {0, 1e9, 1251234567, 1251277777} do
  local t = {}
  for _, c in ipairs {"k", "l", "P", "s", "h", "e", "C", "D", "F", "g", "G", "R", "T", "u", "V", "r", "n", "t"} do
    t[#t + 1] = os.date("!%" .. c, time)
  end
  print("[" .. table.concat(t, "] [") .. "]")
end
-- and what the library does not know stays
for byte = 1, 255 do
  local c = string.char(byte)
  if not c:find("%a") then
    local shown = os.date("!<%" .. c .. ">", 1e9)
    if c ~= "%" and shown ~= "<%" .. c .. ">" then print(byte, shown) end
  end
end
print(os.date("!%Q %E %J %N %O %f %i %q %v %K %L %%", 1e9))
print(os.date("!%-d %_d %^a %Ey %Od", 1e9), os.date("!%", 1e9))
