-- Objects with inheritance: method calls through metatables.
local Shape = {}
Shape.__index = Shape
function Shape.new(w, h) return setmetatable({ w = w, h = h, n = 0 }, Shape) end
function Shape:area() return self.w * self.h end
function Shape:touch() self.n = self.n + 1; return self end
local Square = setmetatable({}, { __index = Shape })
Square.__index = Square
Square.__add = function(a, b) return Square.new(a.w + b.w) end
function Square.new(w) return setmetatable({ w = w, h = w, n = 0 }, Square) end
function Square:side() return self.w end

function bench()
  local sum, square, shape = 0, Square.new(3), Shape.new(2, 5)
  for i = 1, 150000 do
    sum = sum + square:touch():area() + shape:touch():area() - square:side()
    if i % 10 == 0 then square = square + square; square.w = 3 end
  end
  return sum, square.n, shape.n
end
