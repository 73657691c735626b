-- lua: 5.1-5.5

local function locale(name, category)
  local r = os.setlocale(name, category)
  return r
end
print(locale("C", "all"))
local function main() locale("C", "everything") end
main()
