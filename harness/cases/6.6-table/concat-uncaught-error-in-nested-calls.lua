-- lua: 5.1-5.5

local function render(row)
  return (table.concat(row, ";"))
end
local function report(rows)
  for _, row in ipairs(rows) do
    io.write(render(row), "\n")
  end
end
report{{"a", 1}, {"b", 2}, {"c", {}}}
