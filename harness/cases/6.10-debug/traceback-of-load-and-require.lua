-- lua: 5.2-5.5

package.preload.mod = function(name) print((debug.traceback(name))) return {} end
local m = require("mod")
local f = load(function() print((debug.traceback("reader"))) return nil end, "=loaded")
local g = load("return require('mod'), debug.traceback('in chunk')", "=(chunk)")
local m2, s = g()
print(m == m2, s)
