-- lua: 5.2

package.preload["shapes.square"] = function(...)
  local name = ...
  local print, tostring = print, tostring
  module(name, package.seeall)
  function area(x) return x * x end
  seen = _NAME .. " " .. _PACKAGE .. " " .. tostring(_M == _G.shapes.square)
end
local square = require "shapes.square"
print(square.area(3), square.seen, square == shapes.square, square.print == print)
print(pcall(module, "print"))
module("main")
