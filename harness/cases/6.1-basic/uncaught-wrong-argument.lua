-- lua: 5.1-5.5

local function convert(list)
  for i, v in ipairs(list) do print(i, tonumber(v, 16)) end
end
local function main() convert {"ff", "10", {}} end
main()
