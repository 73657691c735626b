-- lua: 5.1-5.5
-- go: scenarios
local go = require "scenarios"

print("calls", go.count "calls")
for _, f in ipairs { go.typed_nil, go.throwing_error, go.throwing_panic, go.error_in_itself } do
  local ok, e = pcall(f)
  print(ok, e.message, e.causes[1])
end
print("calls", go.count "calls")
