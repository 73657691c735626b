-- lua: 5.1-5.5
-- go: scenarios
local go = require "scenarios"

-- The functions of a stack with their files and lines, without addresses.
local function show(ok, e)
  print(ok, (tostring(e):match("^[^\n]*")))
  print("  " .. e.stack:match("^%a+"))
  for name, place in e.stack:gmatch("(main%.[%w_.]+)%b()\n%s+([^\n ]+)") do
    print("  " .. name, place)
  end
end

for _, how in ipairs { "out of tea", "index", "nil", "map", "error" } do
  show(pcall(go.crash, how))
end
show(pcall(go.crash_now, "at once"))
show(pcall(go.helper, "a helper failed"))

print("the guest goes on", go.add(1, 2))
