-- lua: 5.1-5.5

local function reader(...)
  local parts, i = {...}, 0
  return function() i = i + 1; return parts[i] end
end
print(load(reader("return ", "1", " + ", "2"))())
print(load(reader("ret", "urn 'split ", "words'", "", "ignored after empty"))())
print(load(reader("x = = 1"), "=piece"))
print(load(reader())())
print(load(reader("return"), "=p")())
print(load(reader("return ", 5))())
print(pcall(load, reader({})))
print(pcall(load, reader(true)))
print(pcall(load, function() error("in the reader", 0) end))
print(type(select(3, pcall(load, function() error({}) end))))
print(load(function() return nil end)())
print(pcall(load(reader("error('e')"), "=named")))
print(pcall(load(reader("error('e')"))))
local n = 0
print(load(function()
  n = n + 1
  if n <= 150 then return "local a" .. n .. " = " .. n .. ";" elseif n == 151 then return "return a1, a150" end
end)())
