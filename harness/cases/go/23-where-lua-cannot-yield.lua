-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

-- Other tasks go on while a comparator waits for Go.
local ticks = 0
local clock = luago.spawn(function()
  while true do
    luago.sleep(0)
    ticks = ticks + 1
  end
end)

local list = { 5, 3, 8, 1, 9, 2, 7, 4, 6 }
table.sort(list, function(a, b) return go.less(a, b) end)
print(table.concat(list, " "))

print((("3 1 2"):gsub("%d", function(digit) return go.turns(tonumber(digit)) + 1 end)))

local object = setmetatable({}, {
  __index = function(_, key) return go.load(key) end,
  __add = function(_, n) return go.sum(n, 1) end,
  __lt = function() return go.less(1, 2) end,
})
print(object.notes, object + 4, object < object)

local co = coroutine.wrap(function()
  coroutine.yield((go.sum(1, 1)))
  coroutine.yield((go.sum(2, 2)))
end)
print(co(), co())

-- An error, and a cancelled wait, come out of there as well.
local ok, e = pcall(table.sort, { 2, 1, 3 }, function() return go.load "plain" end)
print(ok, tostring(e))
local task = luago.spawn(function()
  table.sort({ 2, 1 }, function() go.wait "in a comparator" end)
end)
local stopper = luago.spawn(function()
  luago.sleep(0.005)
  return task:cancel("no more sorting")
end)
print(stopper:await(), task:status())
luago.sleep(0.005)
for _, text in ipairs(go.ends()) do print("  " .. text) end
clock:cancel()
print("others went on", ticks > 0)
