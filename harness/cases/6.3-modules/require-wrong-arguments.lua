-- lua: 5.1-5.5

package.path, package.cpath = "?", ""
print(pcall(require))
print(pcall(require, nil))
print(pcall(require, {}))
print(pcall(require, true))
print(pcall(require, 5))
package.loaded["5"] = "five"
print(pcall(require, 5))
print(pcall(require, "a\0b"))
print(type(require), type(package), package.loaded.package == package, package.loaded._G == _G)
