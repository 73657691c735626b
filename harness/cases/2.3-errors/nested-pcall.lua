-- lua: 5.1-5.5

local function inner()
  local ok, e = pcall(error, "first", 0)
  print("inner", ok, e)
  error("second: " .. e, 0)
end
local function middle()
  local ok, e = pcall(inner)
  print("middle", ok, e)
  error({e}, 0)
end
local ok, e = pcall(middle)
print("outer", ok, type(e), e[1])
print(pcall(pcall, error, "x"))
print(pcall(pcall, pcall, pcall, error, "x"))
print(pcall(pcall))
print(pcall(pcall, 5))
