-- lua: 5.1-5.5

local function check(x)
  if type(x) ~= "number" then
    error("number expected, got " .. type(x), 2)
  end
  return x
end
local function double(x)
  return 2 * check(x)
end
print(double(4))
print(pcall(double, "4"))
print(pcall(check, "4"))
print(double({}))
