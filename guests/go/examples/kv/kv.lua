local luago = require "luago"
local kv = require "kv"

kv.set("colour", "green")
print("get", kv.get("colour"))
print("get", kv.get("shape"))

-- A call waits only in its own coroutine: this one until the other has set the key.
local waiting = luago.spawn(kv.wait, "answer")
luago.spawn(function()
  luago.sleep(0.01)
  kv.set("answer", 42)
end)
print("wait", waiting:await())

-- A deadline reaches Go as the deadline of the function's context.
local ok, e = pcall(luago.timeout, 0.01, kv.wait, "never")
print("timeout", ok, tostring(e) ~= "")

-- A stream: each step waits for the next change.
luago.spawn(function()
  for i = 1, 3 do
    luago.sleep(0.005)
    kv.set("count", i)
  end
end)
for change in kv.watch("count") do
  print("watch", change.key, change.value)
  if change.value == 3 then break end
end

print("keys", table.concat(kv.keys(), " "))
