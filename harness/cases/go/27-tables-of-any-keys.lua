-- lua: 5.1-5.5
-- go: scenarios
local go = require "scenarios"

print(go.json { [1] = "a", [3] = "c" })
print(go.json { "a", x = true })
print(go.json { "a", "b" }, go.json {})
print(pcall(go.json, { "a", ["1"] = "b" }))
print(pcall(go.json, coroutine.create(function() end)))
print(go.narrow(0.5), pcall(go.narrow, 1e39))
