-- Calls a guest that may do anything, in every way that there is.
local luago = require "luago"

local found, g = pcall(require, "g")
if not found then return end
local names = {}
for name in pairs(g) do
  if type(name) == "string" then names[#names + 1] = name end
end
table.sort(names)
if #names == 0 then return end

local sender, receiver = luago.ring(256)
local segment = luago.segment(4096)
local arguments = {
  1, "text", ("x"):rep(9000), { 1, 2, { a = "b" } }, function(...) return ... end,
  segment, sender, receiver, shared(), looked(), 2.5, true,
}
local next = 0
local function argument()
  next = next % #arguments + 1
  return arguments[next]
end

-- What the guest can call, besides functions of the host.
local depth = 0
function a(...) return ... end
function b(...)
  luago.sleep(0)
  return argument(), ...
end
function d(...)
  depth = depth + 1
  if depth > 20 then error({ depth }) end
  return g[names[1]](...)
end

local function use(value)
  if type(value) == "function" then
    for i = 1, 4 do if value(i) == nil then break end end
  end
  return value
end

local tasks = {}
for round = 1, 2 do
  for i = 1, math.min(#names, 6) do
    local f = g[names[i]]
    use(select(2, pcall(f, argument())))
    tasks[#tasks + 1] = luago.spawn(function() return use(f(argument(), argument())) end)
    pcall(luago.timeout, 0.002, f, argument())
    luago.spawn(function()
      pcall(function()
        local n = 0
        for value in f(argument()) do
          use(value)
          n = n + 1
          if n > 3 then break end
        end
      end)
    end)
  end
  luago.sleep(0)
  if tasks[round] then tasks[round]:cancel("why not") end
end
pcall(luago.race, tasks)
pcall(function() receiver:try_recv() sender:send("message") end)
pcall(luago.timeout, 0.002, luago.all, tasks)
collectgarbage()
for _, task in ipairs(tasks) do
  task:status()
  pcall(luago.timeout, 0.001, task.await, task)
end
