-- lua: 5.1-5.5
-- go: scenarios,restart=on-failure
-- go: shallow=scenarios,stack=1MiB,restart=on-failure
local go, shallow = require "scenarios", require "shallow"

-- As deep as encoding/json goes.
for _, n in ipairs { 1000, 9999, 10000, 10001 } do print(n, pcall(go.depth, n)) end

-- Text from outside does not end a guest that was granted enough; one that was not says so.
print(pcall(shallow.depth, 10000))
print(pcall(shallow.depth, 100))
