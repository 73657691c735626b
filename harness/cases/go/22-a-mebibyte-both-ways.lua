-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

local SIZE = 1024 * 1024
local block = {}
for n = 0, 255 do block[#block + 1] = string.char((n * 7 + 13) % 256) end
local bytes = table.concat(block):rep(SIZE / 256)

print(#bytes, ("%08x"):format(go.checksum(bytes)))
local inverted = go.invert(bytes)
print(#inverted, ("%08x"):format(go.checksum(inverted)), inverted:byte(1), inverted:byte(-1))
print("there and back", go.invert(inverted) == bytes)
print("zeros", #go.zeros(SIZE), go.zeros(SIZE):find("[^%z]"))
print("empty", #go.invert(""), ("%08x"):format(go.checksum("")))

-- Several at once, in a task each.
local tasks = {}
for n = 1, 8 do tasks[n] = luago.spawn(go.invert, bytes:sub(n)) end
local sizes = {}
for n, result in ipairs(luago.all(tasks)) do sizes[n] = SIZE - #result end
print(table.concat(sizes, " "))
