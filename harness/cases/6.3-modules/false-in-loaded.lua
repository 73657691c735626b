-- lua: 5.1-5.5

-- A module that is false is loaded again each time.
local n = 0
package.preload.f = function () n = n + 1 return false end
print(require "f", require "f", n)
package.loaded.g = false
package.path, package.cpath = "", ""
print(pcall(require, "g"))
package.loaded.g = 0
print(require "g")
