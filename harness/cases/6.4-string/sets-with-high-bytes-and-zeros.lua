-- lua: 5.1-5.5

local all = {}
for b = 0, 255 do all[#all + 1] = string.char(b) end
all = table.concat(all)
local function count(p)
  local _, n = string.gsub(all, p, "")
  print(n)
end
count("[\128-\255]")
count("[^\128-\255]")
count("[\200-\199]")
count("[\1-\31\127]")
count("[^\1-\255]")
count("\255")
count("[\255]")
print(pcall(count, "[%z]"))
print(pcall(count, "[\0-\31]"))
