-- lua: 5.1-5.5
-- go: scenarios
local go = require "scenarios"

local function show(box)
  print(("%s: (%g, %g) to (%g, %g), words %s, total %d"):format(box.title,
    box.min.x, box.min.y, box.max.x, box.max.y, table.concat(box.words, " "), box.total))
end

show(go.box {
  name = "roof",
  corners = { { x = 0, y = 0 }, { x = 4, y = 0 }, { x = 2, y = 1.5 } },
  tags = { red = 3, blue = 4 },
})
show(go.box {
  name = "door",
  corners = { { x = -1, y = -2.5, z = "ignored" }, { y = 1 } },
  parent = { name = "house", corners = {} },
})

for _, bad in ipairs {
  { name = "none", corners = {} },
  { name = "bad", corners = { { x = 1 }, { x = "one" } } },
  { name = "bad", corners = { { x = 1 } }, tags = { red = "much" } },
  { name = 7 },
} do
  local ok, e = pcall(go.box, bad)
  print(ok, e.message)
end

local back = go.echo { 1, "two", { three = true, list = { 3, 2, 1 } }, 0.5 }
print(#back, back[1], back[2], back[3].three, table.concat(back[3].list, " "), back[4])
print(go.echo(nil), go.echo(true), go.echo("a\0b") == "a\0b", next(go.echo {}))
