-- lua: 5.1-5.5

package.preload.slow = function () return "slow" end
local co = coroutine.wrap(function () coroutine.yield(require "slow") return require "none" end)
package.path, package.cpath = "?", ""
print(co())
print(pcall(co))
package.preload.yields = function () coroutine.yield("inside") return 1 end
print(coroutine.resume(coroutine.create(function () return require "yields" end)))
print(package.loaded.yields == nil or type(package.loaded.yields))
