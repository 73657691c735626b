-- lua: 5.1-5.5

package.path, package.cpath = "files/?.lua;x/?/init.lua", "c/?.so"
print(pcall(require, "missing"))
print(pcall(require, "missing.sub"))
print(pcall(require, ""))
print(pcall(require, "a/b"))
package.path, package.cpath = "", ""
print(pcall(require, "missing"))
package.path = ";;"
print(pcall(require, "missing"))
package.path = "no-mark.lua;?"
print(pcall(require, "missing"))
package.path = "%?;?%"
print(pcall(require, "m%1"))
