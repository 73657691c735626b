-- lua: 5.1-5.5

local function try(label, f)
  package.preload[label] = f
  local r = {pcall(require, label)}
  print(label, r[1], type(r[2]), tostring(r[2]):sub(1, 20), r[3], tostring(package.loaded[label]):sub(1, 5))
  local again = require(label)
  print(label, rawequal(again, r[2]))
end
try("nothing", function () end)
try("nil", function () return nil end)
try("false", function () return false end)
try("true", function () return true end)
try("number", function () return 42 end)
try("string", function () return "text" end)
try("table", function () return {} end)
try("two", function () return "first", "second" end)
try("sets loaded", function (n) package.loaded[n] = "set" end)
try("sets and returns", function (n) package.loaded[n] = "set" return "returned" end)
try("sets and returns false", function (n) package.loaded[n] = "set" return false end)
