-- lua: 5.1-5.5

-- 5.1 says that there is a loop; later versions call the loader again.
local depth = 0
package.preload.a = function ()
  depth = depth + 1
  if depth > 3 then return "deep" end
  return "a with " .. tostring(require "b")
end
package.preload.b = function () return "b with " .. tostring(require "a") end
print(pcall(require, "a"))
print(depth, pcall(require, "b"))
