-- lua: 5.1-5.5

package.path, package.cpath = "lib/?.lua;lib/?/init.lua", "lib/?.so"
local function load_plugin(name)
  local plugin = require("plugins." .. name)
  return plugin
end
print("start")
load_plugin("zip")
