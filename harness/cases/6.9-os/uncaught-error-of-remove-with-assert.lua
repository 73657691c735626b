-- lua: 5.1-5.5

local cleanup = {}
function cleanup.one(name)
  assert(os.remove(name))
end
function cleanup.all(...)
  for i = 1, select("#", ...) do cleanup.one((select(i, ...))) end
end
cleanup.all("missing-1", "missing-2")
