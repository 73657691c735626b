-- lua: 5.1-5.5

package.preload.x = function (name)
  local m = {}
  package.loaded[name] = m
  m.y = require "y"
  m.ready = true
  return m
end
package.preload.y = function () local x = require "x" return {x = x, seen_ready = x.ready} end
local x = require "x"
print(x.ready, x.y.seen_ready, x.y.x == x, require "y" == x.y)
