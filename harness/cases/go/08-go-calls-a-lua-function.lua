-- lua: 5.1-5.5
-- go: scenarios,call=join,call=lib.depth.answer,call=slow
local luago = require "luago"
local go = require "scenarios"

print(table.concat(go.map(function(n) return n * n end, { 1, 2, 3, 4 }), " "))

function join(...)
  return table.concat({ ... }, "+"), select("#", ...)
end
local joined = go.call("join", { "a", "b", "c" })
print(#joined, joined[1], joined[2])

lib = { depth = { answer = function() return 42 end } }
print(go.call("lib.depth.answer", {})[1])

-- What Go calls may wait.
function slow(n)
  luago.sleep(0.01)
  return n + 1
end
local tasks = {}
for n = 1, 3 do tasks[n] = luago.spawn(go.call, "slow", { n * 10 }) end
for n, result in ipairs(luago.all(tasks)) do print("slow", n, result[1]) end

-- Only what was granted, only what is there, and only while the call lasts.
local function fails(f, ...)
  local ok, e = pcall(f, ...)
  print(ok, tostring(e))
end
fails(go.call, "print", { "not granted" })
lib.depth.answer = nil
fails(go.call, "lib.depth.answer", {})
go.keep(print)
fails(go.call_kept)
