-- lua: 5.1-5.5

local real = require
local log = {}
function require(name) log[#log + 1] = name return real(name) end
print(require "string" == string, require "math" == math)
print(table.concat(log, " "))
local old = package
package = {loaded = {fake = 1}, path = "nowhere", preload = {p = function () return 1 end}}
print(pcall(real, "fake") == false or "found", real "package" == old)
old.path, old.cpath = "", ""
print(pcall(real, "p"))
