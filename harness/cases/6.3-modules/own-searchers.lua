-- lua: 5.1-5.5

local list = package.searchers or package.loaders
package.path, package.cpath = "", ""
table.insert(list, 2, function (name)
  if name:sub(1, 2) == "v:" then return function (...) print("loader", select("#", ...), ...) return "virtual " .. name end, "extra" end
  if name == "why" then return "\n\tbecause I say so" end
  if name == "boom" then error("searcher fails", 0) end
  if name == "odd" then return {} end
  if name == "number" then return 12 end
end)
print((require "v:x"))
for _, n in ipairs{"why", "boom", "odd", "number", "other"} do print(n, pcall(require, n)) end
table.remove(list, 2)
print(pcall(require, "v:y"))
print((require "v:x"))
