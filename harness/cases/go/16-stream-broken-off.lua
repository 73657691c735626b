-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

-- Leaves the loop after two values. What Lua lets go of is collected sooner or later.
local function read_two(stream)
  local seen = {}
  for value in stream do
    seen[#seen + 1] = tostring(value)
    if #seen == 2 then break end
  end
  return table.concat(seen, " ")
end

local function settled()
  local tries = 0
  repeat
    collectgarbage()
    collectgarbage()
    luago.sleep(0.01)
    tries = tries + 1
  until go.open() == 0 or tries == 200
  return go.open()
end

print(read_two(go.numbers(1000)))
print("open", settled())
print(read_two(go.ticks(1000)))
print("open", settled())
for _, text in ipairs(go.ends()) do print("  " .. text) end

-- From 5.4 on a stream can be closed with the block that it is in.
local closing = [[
  local go = ...
  local stream <close> = go.numbers(10)
  return stream() + stream()
]]
if _VERSION < "Lua 5.4" then closing = closing:gsub(" <close>", "") end
print((loadstring or load)(closing)(go))
if _VERSION >= "Lua 5.4" then luago.sleep(0.01) else settled() end
print("open", go.open())

-- A task that is cancelled while it reads.
local seen = 0
local task = luago.spawn(function()
  for _ in go.ticks(1000000) do
    seen = seen + 1
    luago.sleep(0.001)
  end
end)
luago.sleep(0.02)
print(task:cancel("enough ticks"), seen > 0 and seen < 1000)
task = nil
print("open", settled())
