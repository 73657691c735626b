local geo = require "geo"

-- Tables become Go structs; fields that are left out are zero.
print("distance", geo.distance({ x = 0, y = 0 }, { x = 3, y = 4 }))

local house = {
  name = "house",
  corners = {
    { x = 0, y = 0 }, { x = 4, y = 0 }, { x = 4, y = 3 }, { x = 2, y = 5 }, { x = 0, y = 3 },
  },
}
print("area", geo.area(house))

-- A struct comes back as a table.
local c = geo.centroid(house)
print(("centroid %.3f %.3f"):format(c.x, c.y))

-- Errors of Go are raised.
local ok, e = pcall(geo.area, { corners = {} })
assert(not ok)
print("error", e.message)

-- A value that does not fit is refused with its place.
ok, e = pcall(geo.distance, { x = "far" }, {})
assert(not ok)
print("error", e.message)
