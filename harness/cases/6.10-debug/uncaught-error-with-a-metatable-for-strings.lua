-- lua: 5.1-5.5

debug.setmetatable("", {__index = function(s, k) return k .. " of " .. s end, __call = function(s) error("called " .. s, 2) end})
print(("x").len)
local function call(s) s() end
local function main() call("text") end
main()
