-- lua: 5.1-5.5

local events = {}
local function hook(event)
  local i = debug.getinfo(2, "nS")
  events[#events + 1] = event .. ":" .. tostring(i and i.name) .. ":" .. tostring(i and i.what)
end
local t = setmetatable({}, {__index = function(_, k) return k end, __call = function(_, x) return x end})
debug.sethook(hook, "cr")
local a = t.x
local b = t(1)
string.gsub("a", "a", function() return "b" end)
table.sort({2, 1}, function(x, y) return x < y end)
for k in pairs({1}) do end
tostring(setmetatable({}, {__tostring = function() return "s" end}))
debug.sethook()
for _, e in ipairs(events) do print(e) end
