-- lua: 5.1-5.5

local total = 0
string.gsub("1 2 3 x", "%S+", function (w)
  local n = tonumber(w)
  if not n then
    print("not a number", w, total)
    os.exit(total)
  end
  total = total + n
end)
