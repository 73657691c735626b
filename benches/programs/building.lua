-- Strings built piece by piece: concatenation, buffers, numbers as text.
function bench()
  local size = 0
  for round = 1, 20 do
    local line = ""
    for i = 1, 100 do line = line .. i .. "," end
    local buffer = {}
    for i = 1, 400 do
      buffer[#buffer + 1] = "key" .. i .. "=" .. tostring(i * round) .. ";" .. i / 8
    end
    local text = table.concat(buffer, "&")
    local reversed = {}
    for i = #text, #text - 500, -1 do reversed[#reversed + 1] = string.char(text:byte(i)) end
    size = size + #line + #text + #table.concat(reversed) + #line:rep(3)
  end
  return size
end
