-- lua: 5.1-5.5
-- files: yes

local Log = {}
Log.__index = Log
function Log:put(...) self.file:write(...) return self end
local log = setmetatable({file = io.open("files/log", "w")}, Log)
local function finish()
  log:put("one\n", 2, "\n")
  log.file:close()
  log:put("too late\n")
end
finish()
