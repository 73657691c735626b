-- lua: 5.1-5.5

local events = {}
local function hook(event)
  local i = debug.getinfo(2, "nS")
  events[#events + 1] = event .. ":" .. tostring(i and i.name) .. ":" .. tostring(i and i.what)
end
local function fail() error("x") end
local function handler(m) return m end
debug.sethook(hook, "cr")
pcall(fail)
xpcall(fail, handler)
pcall(math.abs, 1)
pcall(error, "plain")
pcall(pcall, fail)
debug.sethook()
for _, e in ipairs(events) do print(e) end
