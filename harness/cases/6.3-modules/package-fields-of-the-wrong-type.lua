-- lua: 5.1-5.5

local path, preload = package.path, package.preload
package.path = nil
print(pcall(require, "x"))
package.path = {}
print(pcall(require, "x"))
package.path, package.cpath = "", nil
print(pcall(require, "x"))
package.cpath = 5
print(pcall(require, "x"))
package.cpath = ""
package.preload = nil
print((pcall(require, "x")))
package.preload = preload
package.searchers, package.loaders = nil, nil
print(pcall(require, "x"))
package.searchers, package.loaders = "x", "x"
print(pcall(require, "x"))
package.searchers, package.loaders = {}, {}
print(pcall(require, "x"))
