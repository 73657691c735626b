-- lua: 5.1-5.5

for c in ("acdglpsuwxzACDGLPSUWXZ"):gmatch(".") do
  local list, n, first = {}, 0
  for b = 0, 256 do
    local yes = b < 256 and string.find(string.char(b), "^%" .. c .. "$") ~= nil
    if yes then n = n + 1 end
    if yes and not first then first = b end
    if first and not yes then
      list[#list + 1] = first == b - 1 and tostring(first) or first .. "-" .. b - 1
      first = nil
    end
  end
  print("%" .. c, n, table.concat(list, " "))
end
