-- Reads JSON from standard input and writes it with indentation.
--
--   echo '{"a":[1,2,{"b":null}]}' | luago-run guests/examples/jsonpretty.lua
--
-- The module json.lua beside this script needs no grant to be required. An
-- argument is the number of spaces to indent by; 0 writes one line.

local json = require("json")

local spaces = tonumber((...)) or 2
local indent = spaces > 0 and (" "):rep(spaces) or nil

local ok, value = pcall(json.decode, io.read("*a"))
if not ok then
  io.stderr:write("jsonpretty: ", value, "\n")
  os.exit(1)
end
print(json.encode(value, indent))
