-- lua: 5.3-5.5

local function fail(code) error(setmetatable({code = code}, {__tostring = function(e) return "failed with " .. e.code end})) end
print(select(2, pcall(fail, 1)).code)
local function main() fail(2) end
main()
