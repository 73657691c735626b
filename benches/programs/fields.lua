-- Planets that pull at each other: float fields of small tables.
local function body(x, y, z, vx, vy, vz, mass)
  return { x = x, y = y, z = z, vx = vx, vy = vy, vz = vz, mass = mass }
end

local function advance(bodies, dt)
  for i = 1, #bodies do
    local a = bodies[i]
    for j = i + 1, #bodies do
      local b = bodies[j]
      local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
      local distance = dx * dx + dy * dy + dz * dz
      local pull = dt / (distance * distance ^ 0.5)
      a.vx, a.vy, a.vz = a.vx - dx * b.mass * pull, a.vy - dy * b.mass * pull, a.vz - dz * b.mass * pull
      b.vx, b.vy, b.vz = b.vx + dx * a.mass * pull, b.vy + dy * a.mass * pull, b.vz + dz * a.mass * pull
    end
  end
  for i = 1, #bodies do
    local a = bodies[i]
    a.x, a.y, a.z = a.x + dt * a.vx, a.y + dt * a.vy, a.z + dt * a.vz
  end
end

function bench()
  local bodies = {
    body(0, 0, 0, 0, 0, 0, 40), body(5, -1, 0, 0.6, 2.8, 0, 0.04),
    body(8, 4, 0, -1.0, 1.8, 0, 0.01), body(13, -15, 0, 1.1, 0.9, 0, 0.002),
    body(15, -26, 0, 1.0, 0.6, 0, 0.002),
  }
  for _ = 1, 8000 do advance(bodies, 0.01) end
  return bodies[1].x
end
