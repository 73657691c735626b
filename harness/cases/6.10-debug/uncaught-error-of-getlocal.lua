-- lua: 5.1-5.5

local function variable(level, n)
  local name = debug.getlocal(level, n)
  return name
end
print(variable(1, 1), variable(2, 1))
local function main() return (variable(50, 1)) end
main()
