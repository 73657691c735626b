-- lua: 5.1-5.5

local events = {}
local function leaf() return 1 end
local function f() local x = leaf() return x end
local function tail() return leaf() end
local function hook(event, line)
  local i = debug.getinfo(2, "nS")
  events[#events + 1] = event .. ":" .. tostring(i and i.name) .. ":" .. tostring(i and i.what) .. ":" .. tostring(line)
end
debug.sethook(hook, "cr")
f()
tail()
math.abs(1)
debug.sethook()
for _, e in ipairs(events) do print(e) end
