-- lua: 5.1-5.5
-- go: scenarios
local go = require "scenarios"

print(go.load "notes")
for _, name in ipairs { "missing", "full", "both", "plain" } do
  local ok, e = pcall(go.load, name)
  print(name, ok, type(e))
  print("  message", e.message)
  for n, cause in ipairs(e.causes) do print("  cause " .. n, cause) end
  print("  text", tostring(e))
end

-- Another error may carry it on, and it is still the same value.
local ok, e = pcall(function()
  local _, inner = pcall(go.load, "full")
  error(inner)
end)
print(ok, e.message, #e.causes)
