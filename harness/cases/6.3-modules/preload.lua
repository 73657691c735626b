-- lua: 5.1-5.5

package.preload["a.b"] = function (...) print("loading", ...) return {name = ...} end
local m, extra = require "a.b"
print(m.name, extra, package.loaded["a.b"] == m)
print(require "a.b" == m, select("#", require "a.b"))
package.loaded["a.b"] = nil
print(require "a.b" == m)
package.preload["a.b"] = nil
package.loaded["a.b"] = "anything"
print(require "a.b", select(2, require "a.b"))
