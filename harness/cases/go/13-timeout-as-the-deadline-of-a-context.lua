-- lua: 5.1-5.5
-- go: scenarios
local luago = require "luago"
local go = require "scenarios"

local function tail(text) return (tostring(text):gsub("^.-:%d+: ", "")) end

print(luago.timeout(30, go.deadline))
print(luago.timeout(30, function() return luago.timeout(20, go.deadline) end))

local ok, e = pcall(luago.timeout, 0.02, go.wait, "waits too long")
print(ok, tail(e))
luago.sleep(0.01)
for _, text in ipairs(go.ends()) do print("  " .. text) end

-- The outer one counts where it is shorter.
ok, e = pcall(luago.timeout, 0.02, function()
  return luago.timeout(20, go.wait, "waits within")
end)
print(ok, tail(e))
luago.sleep(0.01)
for _, text in ipairs(go.ends()) do print("  " .. text) end

print(luago.timeout(30, go.sleep, 5))
